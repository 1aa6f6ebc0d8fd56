#!/usr/bin/env node
// Bytes and "name" of the event: {"name": "Ada"} -> {"language":"nodejs","bytes":15,"name":"Ada"}
// needs: node
const event = require('fs').readFileSync(0);
const name = event.length ? JSON.parse(event).name ?? null : null;
console.log(JSON.stringify({ language: 'nodejs', bytes: event.length, name }));

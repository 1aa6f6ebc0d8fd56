// SPDX-License-Identifier: Apache-2.0
// A function of each kind, as an AWS CDK app. The layers are made of the zips that scripts/build-layer writes to dist/;
// where it has none of git or jq, the functions that need them are left out.
import { App, CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import * as fs from 'node:fs';
import * as path from 'node:path';

const handlers = '../../handlers';

class Functions extends Stack {
  private readonly arch: string = this.node.getContext('arch');
  private readonly dist: string = this.node.getContext('dist');
  private readonly bootstrap: lambda.ILayerVersion;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const bootstrap = this.layer('Bootstrap', '\\d+\\.\\d+\\.\\d+');
    if (!bootstrap) throw new Error(`${this.dist} has no layer for ${this.arch}: ./scripts/build-layer bootstrap --arch ${this.arch}`);
    this.bootstrap = bootstrap;
    this.executable();
    this.shellFunction();
    this.gitWrapper();
    this.commandOfThePackage();
    this.commandOfAVariable();
    this.pageBehindAUrl();
    this.messagesOfAQueue();
  }

  // The event is its standard input, the answer its standard output.
  private executable() {
    this.fn('Hello', { handler: 'hello.sh' });
  }

  // FILE.FUNCTION. The file is sourced once, each call is a fork of that shell.
  private shellFunction() {
    this.fn('Greet', { handler: 'function.greet', environment: { GREETING: 'Welcome' } });
  }

  // A script around a command-line tool that the image does not have.
  private gitWrapper() {
    const git = this.layer('Git', 'tool-git');
    if (!git) return;
    this.fn('GitRefs', { handler: 'git-refs.sh', timeout: Duration.minutes(1), layers: [this.bootstrap, git] });
  }

  // No script: shellstrap.json in the package says which tool, and what of the event becomes which argument.
  private commandOfThePackage() {
    this.fn('Search', { folder: 'search' });
  }

  // The same with a variable, and a tool from a layer of its own.
  private commandOfAVariable() {
    const jq = this.layer('Jq', 'tool-jq');
    if (!jq) return;
    // {/key} is one argument, whatever is in it: there is no shell.
    const command = ['jq', '--compact-output', '--arg', 'key', '{/key}', '.items[] | .[$key]'];
    this.fn('Pick', {
      layers: [this.bootstrap, jq],
      environment: { SHELLSTRAP_COMMAND: JSON.stringify(command) },
    });
  }

  // A CGI program, streamed: a page that shows how far a long task is while it runs.
  private pageBehindAUrl() {
    const progress = this.fn('Progress', {
      folder: 'cgi', // its shellstrap.json says that the programs are CGI
      handler: 'progress.sh',
      timeout: Duration.minutes(1),
      environment: {
        SHELLSTRAP_INVOKE_MODE: 'stream', // both sides have to agree: this is ours,
        SHELLSTRAP_ERROR_STDERR: 'off', // what a program says on standard error is not for strangers
      },
    });
    const url = progress.addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.AWS_IAM, // NONE lets anybody call it
      invokeMode: lambda.InvokeMode.RESPONSE_STREAM, // and this the URL's
    });
    // Who may call it. The service wants both permissions of a caller; the second one is for calls that come through the URL
    // and no others. This account's users and roles need a policy of their own besides (docs/deploy.md, "caller"), or are
    // granted both by url.grantInvokeUrl(role).
    const principal = new iam.AccountPrincipal(this.account);
    const functionUrlAuthType = url.authType;
    progress.addPermission('UrlCall', { principal, action: 'lambda:InvokeFunctionUrl', functionUrlAuthType });
    progress.addPermission('CallThroughUrl', { principal, action: 'lambda:InvokeFunction', invokedViaFunctionUrl: true });
    new CfnOutput(this, 'ProgressUrl', { value: url.url });
  }

  // One by one: shellstrap.json of the package says `"batch": "sqs"`.
  private messagesOfAQueue() {
    const givenUp = new sqs.Queue(this, 'GivenUp', { retentionPeriod: Duration.days(14) });
    const queue = new sqs.Queue(this, 'Queue', {
      visibilityTimeout: Duration.minutes(1), // six times the function's timeout, as AWS advises
      deadLetterQueue: { queue: givenUp, maxReceiveCount: 3 },
    });
    // Without reportBatchItemFailures the service takes every message of a batch for done, also those that failed.
    const source = new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true });
    this.fn('Words', { folder: 'batch', handler: 'words.sh' }).addEventSource(source);
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl });
  }

  // What all of them have in common. The service wants a handler also where a command goes first.
  private fn(id: string, { folder = '', ...props }: Partial<lambda.FunctionProps> & { folder?: string }) {
    return new lambda.Function(this, id, {
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: this.architecture,
      code: lambda.Code.fromAsset(path.join(handlers, folder)),
      handler: 'none',
      memorySize: 256,
      timeout: Duration.seconds(10),
      layers: [this.bootstrap],
      ...props,
    });
  }

  // Of the only zip in dist/ with that name for this architecture; none where there is no such zip.
  private layer(id: string, name: string): lambda.LayerVersion | undefined {
    const pattern = new RegExp(`^shellstrap-(${name})-${this.arch}\\.zip$`);
    const found = fs.readdirSync(this.dist).filter((file) => pattern.test(file));
    if (found.length > 1) throw new Error(`Which one? ${found.join(', ')}: ${this.dist} should have one.`);
    if (found.length === 0) return undefined;
    return new lambda.LayerVersion(this, `${id}Layer`, {
      code: lambda.Code.fromAsset(path.join(this.dist, found[0])),
      compatibleArchitectures: [this.architecture],
      compatibleRuntimes: [lambda.Runtime.PROVIDED_AL2023],
      description: found[0].replace(pattern, `shellstrap $1, ${this.arch}`),
    });
  }

  private get architecture() {
    return this.arch === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64;
  }
}

new Functions(new App(), 'Shellstrap');

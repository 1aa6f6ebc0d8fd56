# An image with one tool and nothing else: no shell, no distribution, two layers that need none. The tool runs once for
# each event. From the top of the tree, for x86_64 (arm64: --platform linux/arm64 --build-arg ARCH=arm64):
#   ./scripts/build-layer bootstrap
#   ./scripts/build-layer tool jq
#   docker build --platform linux/amd64 --provenance false --file examples/docker/tool.Dockerfile --tag pick .
FROM public.ecr.aws/docker/library/busybox:1.37 AS layers
ARG ARCH=x86_64
COPY dist/shellstrap-[0-9]*-${ARCH}.zip dist/shellstrap-tool-jq-${ARCH}.zip /zips/
RUN mkdir /opt && for zip in /zips/*.zip; do unzip -qo "$zip" -d /opt; done && mv /opt/bootstrap /bootstrap

FROM scratch
COPY --from=layers /bootstrap /bootstrap
COPY --from=layers /opt /opt
ENV PATH=/opt/bin LAMBDA_TASK_ROOT=/var/task
WORKDIR /var/task

# Two words or more are the command, run without a shell. ImageConfig.Command of a function replaces the last ones.
ENTRYPOINT ["/bootstrap", "jq", "--compact-output"]
CMD [".name"]

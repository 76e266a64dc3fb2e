# The inference sidecar: serves one model, samples its activations. Build from the repository root:
#   docker build -f docker/sidecar.Dockerfile -t espalier-sidecar .

FROM debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jdk-headless maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# One folder with everything the espalier command runs on, libtorch's native code included.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -q -Dmaven.test.skip -pl espalier-cli -am package \
    && cp -r espalier-cli/target/lib /app-lib

FROM eclipse-temurin:17-jre
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
# The same number in both images: they share the artifacts volume.
RUN groupadd --system --gid 10001 espalier \
    && useradd --system --uid 10001 --gid espalier --home-dir /app --shell /usr/sbin/nologin espalier \
    && mkdir -p /app/cache /artifacts \
    && chown espalier:espalier /app/cache /artifacts
COPY --from=build /app-lib /app/lib
COPY docker/sidecar.properties /app/config/sidecar.properties
COPY espalier-cli/src/main/resources/io/espalier/cli/demo/fashion-resnet20.pt /app/check/model.pt
USER espalier
WORKDIR /app
ENV ESPALIER_CACHE=/app/cache \
    OMP_WAIT_POLICY=PASSIVE \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
# Unpacks libtorch into the image, not at each start of a container, and fails the build if it cannot run a model here.
RUN java -cp '/app/lib/*' io.espalier.cli.EspalierMain inspect /app/check/model.pt --input-shape 1,1,28,28
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
    CMD curl --fail --silent --show-error --output /dev/null http://127.0.0.1:8080/v2/health/live
ENTRYPOINT ["java", "-cp", "/app/lib/*", "io.espalier.cli.EspalierMain", "sidecar"]
CMD ["--config", "/app/config/sidecar.properties"]

# Built on Debian 12; of that the image has the two programs, and the libraries they need.
FROM debian:bookworm-slim AS build
WORKDIR /source
COPY tools/install-packages tools/install-packages
RUN tools/install-packages build
COPY . .
RUN cmake --preset release && cmake --build --preset release

# What releases are installed with.
FROM debian:bookworm-slim AS helm
WORKDIR /source
COPY tools/clients tools/clients
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates golang-go \
    && eval "$(PILOTHOUSE_CLIENTS=/clients tools/clients/install helm4)" \
    && cp "$HELM4" /usr/local/bin/helm

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        libarchive13 libfmt9 libgrpc++1.51 libicu72 libprometheus-cpp-core1.0 \
        libprotobuf32 libsqlite3-0 libssl3 libyaml-cpp0.7 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin pilothouse \
    && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /source/build/release/pilothouse /usr/local/bin/pilothouse
COPY --from=helm /usr/local/bin/helm /usr/local/bin/helm
COPY config/pilothouse.yaml /etc/pilothouse/pilothouse.yaml
USER 10001
VOLUME /data
EXPOSE 8080 8443
ENV PILOTHOUSE_DATA=/data PILOTHOUSE_LISTEN=0.0.0.0:8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["pilothouse", "health"]
ENTRYPOINT ["pilothouse"]
CMD ["serve", "--config", "/etc/pilothouse/pilothouse.yaml"]

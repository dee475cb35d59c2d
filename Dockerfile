# Two stages: build on Debian 12, then only the binary and the libraries it needs.
FROM debian:bookworm-slim AS build
WORKDIR /source
COPY tools/install-packages tools/install-packages
RUN tools/install-packages build
COPY . .
RUN cmake --preset release && cmake --build --preset release

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        libarchive13 libfmt9 libicu72 libprometheus-cpp-core1.0 \
        libsqlite3-0 libssl3 libyaml-cpp0.7 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin pilothouse \
    && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /source/build/release/pilothouse /usr/local/bin/pilothouse
COPY config/pilothouse.yaml /etc/pilothouse/pilothouse.yaml
USER 10001
VOLUME /data
EXPOSE 8080
ENV PILOTHOUSE_DATA=/data PILOTHOUSE_LISTEN=0.0.0.0:8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["pilothouse", "health"]
ENTRYPOINT ["pilothouse"]
CMD ["serve", "--config", "/etc/pilothouse/pilothouse.yaml"]

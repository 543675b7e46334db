# One image for each service:
#
#   docker build --build-arg SERVICE=gateway -t fresco/gateway:0.1.0 .
#   docker build --build-arg SERVICE=gpu-worker --target worker -t fresco/gpu-worker:0.1.0 .
#   docker build --build-arg SERVICE=training-service --target trainer -t fresco/training-service:0.1.0 .
#
# SERVICE is gateway, router-service, gpu-worker, cache-service, lora-service or training-service.

# The same for all services, so that six images cost one build.
FROM maven:3.9.11-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -q -B -DskipTests package -am \
      -pl gateway,router-service,gpu-worker,cache-service,lora-service,training-service

# Libraries and own classes apart: a change of ours replaces only the last, small layers.
FROM build AS layers
ARG SERVICE=gateway
RUN cp ${SERVICE}/target/*-exec.jar /tmp/service.jar \
    && java -Djarmode=tools -jar /tmp/service.jar extract --layers --destination /layers

FROM eclipse-temurin:17.0.16_8-jre-noble AS runtime
# curl asks for health in compose; the other two are what the native libraries link against.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl libgomp1 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 fresco \
    && useradd --uid 10001 --gid fresco --no-create-home --home-dir /nonexistent fresco \
    && install -d -o fresco -g fresco /var/lib/fresco/objects /var/lib/fresco/training \
         /var/cache/djl /var/cache/fresco
ENV FRESCO_OBJECTS_DIRECTORY=/var/lib/fresco/objects \
    FRESCO_RECORDINGS_FOLDER=/var/cache/fresco/recordings \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError"
WORKDIR /app
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
USER 10001:10001
ENTRYPOINT ["java", "-jar", "service.jar"]

# Tensors live outside the heap, hence the small share for it. Huge pages, and freed memory that is
# kept, spare page faults when large tensors are made. The natives unpack into DJL_CACHE_DIR.
FROM runtime AS engine
ENV DJL_OFFLINE=true \
    DJL_CACHE_DIR=/var/cache/djl \
    THP_MEM_ALLOC_ENABLE=1 \
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=4294967296 \
    MALLOC_TRIM_THRESHOLD_=8589934592 \
    GOMP_SPINCOUNT=2000 \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError"
COPY models /models

FROM engine AS worker
ENV FRESCO_WORKER_MODEL=/models/emoji \
    FRESCO_WORKER_ADAPTERFOLDER=/var/cache/fresco/adapters \
    FRESCO_WORKER_EDIT_RECORDINGFOLDER=/var/cache/fresco/recordings

FROM engine AS trainer
ENV FRESCO_TRAINING_MODELS=/models \
    FRESCO_TRAINING_FOLDER=/var/lib/fresco/training

# The last stage is the one that is built when no target is named.
FROM runtime AS service

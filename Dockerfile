# The image: one static binary, the certificate authorities it trusts, and an empty /tmp.
#
#   docker build -t bbkeys .
#   docker run --rm -v "$PWD:/repo" bbkeys scan /repo
#
# It builds with the plain builder and with BuildKit alike, so nothing here needs a BuildKit-only
# instruction, and each of BuildKit's platform arguments has a value where the plain builder leaves
# it empty: "linux" alone means linux on the builder's own processor.

# The compiler runs on the builder's own processor and compiles for the image's, without emulation.
# The exact patch release is part of what makes two builds alike: change it in its own commit.
FROM --platform=${BUILDPLATFORM:-linux} golang:1.26.8-alpine AS build

# A builder behind a proxy passes --build-arg GOPROXY=…; unset, the base image's own setting holds.
ARG GOPROXY
ARG GOFLAGS
WORKDIR /src

# The modules come first and alone, so that a change of code does not download them again.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=devel
# No path, no commit, no build id: the same sources give the same bytes wherever they are built.
RUN CGO_ENABLED=0 GOOS="${TARGETOS:-linux}" GOARCH="${TARGETARCH:-$(go env GOARCH)}" \
    go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=${VERSION}" \
    -o /image/bbkeys .

# The rest of the image, with every time stamp set to the epoch, so that layers repeat too.
RUN mkdir -p /image/etc/ssl/certs /image/tmp \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
    && chmod 0644 /image/etc/ssl/certs/ca-certificates.crt \
    && chmod 0755 /image/bbkeys \
    && chmod 1777 /image/tmp \
    && find /image -exec touch -h -d '1970-01-01 00:00:00' {} +

FROM scratch

ARG VERSION=devel
ARG REVISION
LABEL org.opencontainers.image.title="bbkeys" \
      org.opencontainers.image.description="Finds leaked Bitbucket keys in a checkout, a change or a history, and fails the build." \
      org.opencontainers.image.url="https://github.com/bbkeys/bbkeys" \
      org.opencontainers.image.source="https://github.com/bbkeys/bbkeys" \
      org.opencontainers.image.documentation="https://github.com/bbkeys/bbkeys#readme" \
      org.opencontainers.image.vendor="bbkeys" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# No USER: GitHub runs an action's container as root, and the program gives the reports it writes
# to the owner of the workspace. Elsewhere `docker run --user` works, /tmp being open to all.
COPY --from=build /image/ /
ENTRYPOINT ["/bbkeys"]

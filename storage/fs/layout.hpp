// Where everything lies in the data folder. No other file spells a path.
//
//     <folder>/            rights 0700
//     ├── VERSION          the form of this folder: a number and a line feed
//     ├── lock             held while a process has the folder open; names that process
//     ├── pilothouse.db    catalogue, people, tokens (SQLite; -wal and -shm beside it while open)
//     ├── blobs/
//     │   └── ab/          00 to ff, all made at the first opening
//     │       └── cdef…    62 digits; with its folder's two, the SHA-256 of its bytes
//     ├── staging/         uploads under way; emptied at each opening
//     ├── runs/            folders of helm's runs; emptied at each start
//     ├── keys/
//     │   └── clusters     what credentials of clusters are sealed with
//     ├── control.sock     the command line's way into a running server
//     ├── address          where the running server listens
//     └── grpc-address     where its gRPC API does
#pragma once

#include "base/hex.hpp"
#include "base/sha256.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace pilothouse::storage::fs {

using path = std::filesystem::path;

struct layout {
    path folder;

    [[nodiscard]] path version() const { return folder / "VERSION"; }
    [[nodiscard]] path lock() const { return folder / "lock"; }
    [[nodiscard]] path database() const { return folder / "pilothouse.db"; }
    [[nodiscard]] path staging() const { return folder / "staging"; }
    [[nodiscard]] path version_draft() const { return staging() / "VERSION"; }
    [[nodiscard]] path upload_pattern() const { return staging() / "upload-XXXXXX"; }
    [[nodiscard]] path blobs() const { return folder / "blobs"; }
    [[nodiscard]] path blobs_in(unsigned char first) const {
        return blobs() / to_hex(std::string(1, static_cast<char>(first)));
    }
    [[nodiscard]] path blob(sha256_digest const& d) const {
        return blobs() / d.hex().substr(0, 2) / d.hex().substr(2);
    }
    [[nodiscard]] path control_socket() const { return folder / "control.sock"; }
    [[nodiscard]] path address() const { return folder / "address"; }
    [[nodiscard]] path grpc_address() const { return folder / "grpc-address"; }
    [[nodiscard]] path runs() const { return folder / "runs"; }
    [[nodiscard]] path keys() const { return folder / "keys"; }
    [[nodiscard]] path cluster_keys() const { return keys() / "clusters"; }
};

}  // namespace pilothouse::storage::fs

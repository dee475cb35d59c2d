// SQLite's own file layer, with a write-ahead log that counts its syncs and fails when told to.
#pragma once

#include <atomic>

namespace pilothouse::tests {

// While it lives, databases opened by this process use the layer. One at a time; opened databases
// must go first.
class failing_vfs {
public:
    failing_vfs();
    ~failing_vfs();
    failing_vfs(failing_vfs const&) = delete;
    failing_vfs& operator=(failing_vfs const&) = delete;

    static std::atomic<int> syncs;        // of write-ahead logs, so far
    static std::atomic<bool> fail_sync;   // the next syncs fail as a broken disk's do
    static std::atomic<bool> fail_write;  // the next writes fail as a full disk's do
};

}  // namespace pilothouse::tests

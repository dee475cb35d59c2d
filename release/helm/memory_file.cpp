#include "release/helm/memory_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::release::helm {

namespace {

failure no_memory_file() {
    return failure(errc::unavailable, "The input of helm could not be kept in memory.",
                   std::strerror(errno));
}

}  // namespace

result<descriptor> memory_file(std::string_view text) {
    descriptor file(::memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file) return no_memory_file();
    while (!text.empty()) {
        auto const written = ::write(file.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return no_memory_file();
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    // Helm warns of a kubeconfig that others may read.
    constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    if (::fchmod(file.get(), 0600) != 0 || ::fcntl(file.get(), F_ADD_SEALS, seals) != 0 ||
        ::lseek(file.get(), 0, SEEK_SET) != 0)
        return no_memory_file();
    return file;
}

}  // namespace pilothouse::release::helm

// The main() of a fuzz target in ordinary builds: runs a corpus through it, every file whole and
// cut short.
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// A file is cut at every byte, or, if it is long, at about so many places.
constexpr std::size_t cuts_max = 1024;

void run(std::string const& bytes) {
    // A copy of exactly this size, so that a sanitizer sees a read past its end.
    std::vector<std::uint8_t> const input(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

void replay(fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string const bytes(std::istreambuf_iterator<char>(in), {});
    run(bytes);
    std::size_t const stride = bytes.size() / cuts_max + 1;
    for (std::size_t cut = 0; cut < bytes.size(); cut += stride) run(bytes.substr(0, cut));
}

}  // namespace

int main(int count, char** words) {
    std::vector<fs::path> files;
    for (int i = 1; i < count; ++i) {
        for (auto const& entry : fs::directory_iterator(words[i])) files.push_back(entry.path());
    }
    if (files.empty()) {
        std::fputs("usage: <target> CORPUS_FOLDER…, with at least one file in them\n", stderr);
        return 2;
    }
    std::sort(files.begin(), files.end());
    for (auto const& file : files) {
        // The last line before a crash names the culprit.
        std::printf("%s\n", file.c_str());
        std::fflush(stdout);
        replay(file);
    }
    return 0;
}

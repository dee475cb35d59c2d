#include "base/key_file.hpp"

#include "base/descriptor.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

namespace pilothouse {

namespace {

using keys = std::vector<named_key>;

constexpr std::size_t file_bytes_max = 64 * 1024;

bool is_name(std::string_view text) noexcept {
    auto const good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !text.empty() && text.size() <= key_name_max && std::ranges::all_of(text, good);
}

failure unusable(std::filesystem::path const& file, std::string const& doing, int error) {
    return key_file_unusable(file, doing + ": " + std::generic_category().message(error));
}

// Two digits a byte, of either case.
std::optional<secret> key_of_hex(std::string_view hex) {
    if (hex.size() != 2 * sealing_key_bytes) return std::nullopt;
    std::string bytes;
    bytes.reserve(sealing_key_bytes);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        int const high = hex_value(hex[i]);
        int const low = hex_value(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return secret(std::move(bytes));
}

// What is wrong with a line; empty: nothing, and the key is among the others.
std::string read_line(std::string_view line, keys& all) {
    auto const space = std::min(line.find(' '), line.size());
    auto const name = line.substr(0, space);
    if (!is_name(name)) return "does not begin with the name of a key, letters a-z and digits";
    auto key = key_of_hex(line.substr(std::min(space + 1, line.size())));
    if (!key) return "has no key of 64 hexadecimal digits behind the name and one space";
    if (std::ranges::find(all, name, &named_key::name) != all.end())
        return "has the name of a key above it";
    all.push_back({std::string(name), std::move(*key)});
    return {};
}

result<keys> read_keys(std::filesystem::path const& file, std::string_view text) {
    keys all;
    for (int number = 1; !text.empty(); ++number) {
        auto const end = text.find('\n');
        if (end == std::string_view::npos)
            return key_file_unusable(file, "line " + std::to_string(number) +
                                               " is cut off: put the file back from a backup");
        if (auto const wrong = read_line(text.substr(0, end), all); !wrong.empty())
            return key_file_unusable(file, "line " + std::to_string(number) + ' ' + wrong +
                                               ": put the file back from a backup");
        text.remove_prefix(end + 1);
    }
    if (all.empty())
        return key_file_unusable(
            file,
            "it is empty: put it back from a backup, or remove it to have a new one "
            "made, which opens nothing that is sealed now");
    return all;
}

secret text_of(keys const& all) {
    std::string text;
    // So that no copy is left behind.
    text.reserve(all.size() * (key_name_max + 2 * sealing_key_bytes + 2));
    for (auto const& key : all) {
        text += key.name + ' ';
        for (char const c : key.bytes.reveal()) text += to_hex({&c, 1});
        text += '\n';
    }
    return secret(std::move(text));
}

result<void> check_rights(std::filesystem::path const& file, int number) {
    struct stat about{};
    if (::fstat(number, &about) != 0) return unusable(file, "looking at it", errno);
    if (!S_ISREG(about.st_mode)) return key_file_unusable(file, "it is no file");
    if ((about.st_mode & 07777 & ~0600u) != 0)
        return key_file_unusable(file, "others than its owner may read it: `chmod 600 " +
                                           file.string() + "`, and think of who has read it");
    if (about.st_size > static_cast<off_t>(file_bytes_max))
        return key_file_unusable(file, "it is too large for one");
    return {};
}

// A file beside the one that is meant, which goes unless it is kept.
class draft {
public:
    explicit draft(std::filesystem::path const& file) : name_(file.string() + ".XXXXXX") {
        opened_ = descriptor(::mkostemp(name_.data(), O_CLOEXEC));  // with rights 0600
    }
    ~draft() {
        if (opened_) ::unlink(name_.c_str());
    }
    draft(draft const&) = delete;
    draft& operator=(draft const&) = delete;

    // False: and errno says why.
    [[nodiscard]] bool write(std::string_view text) {
        while (opened_ && !text.empty()) {
            auto const done = ::write(opened_.get(), text.data(), text.size());
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) return false;
            text.remove_prefix(static_cast<std::size_t>(done));
        }
        return static_cast<bool>(opened_);
    }
    [[nodiscard]] bool sync() const { return ::fsync(opened_.get()) == 0; }
    // Fails where the file is there.
    [[nodiscard]] bool link_as(std::filesystem::path const& file) const {
        return ::link(name_.c_str(), file.c_str()) == 0;
    }
    [[nodiscard]] bool replace(std::filesystem::path const& file) {
        if (::rename(name_.c_str(), file.c_str()) != 0) return false;
        opened_.reset();
        return true;
    }

private:
    std::string name_;
    descriptor opened_;
};

bool sync_folder_of(std::filesystem::path const& file) {
    auto const folder = file.has_parent_path() ? file.parent_path() : ".";
    descriptor const opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened && ::fsync(opened.get()) == 0;
}

}  // namespace

named_key fresh_key() { return {'k' + random_base36(9), secret(random_bytes(sealing_key_bytes))}; }

failure key_file_unusable(std::filesystem::path const& file, std::string const& why) {
    return {errc::unavailable, "the key file " + file.string() + " cannot be used: " + why};
}

result<std::optional<keys>> load_keys(std::filesystem::path const& file) {
    descriptor const opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!opened && errno == ENOENT) return std::optional<keys>();
    if (!opened) return unusable(file, "opening it", errno);
    if (auto const good = check_rights(file, opened.get()); !good) return good.error();
    std::string text(file_bytes_max, '\0');
    std::size_t length = 0;
    for (;;) {
        auto const got = ::read(opened.get(), text.data() + length, text.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unusable(file, "reading it", errno);
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    text.resize(length);
    secret const read(std::move(text));
    PILOTHOUSE_TRY(auto all, read_keys(file, read.reveal()));
    return std::optional(std::move(all));
}

result<void> replace_key_file(std::filesystem::path const& file, keys const& all) {
    draft fresh(file);
    if (!fresh.write(text_of(all).reveal()) || !fresh.sync() || !fresh.replace(file) ||
        !sync_folder_of(file))
        return unusable(file, "writing it", errno);
    return {};
}

result<bool> make_key_file(std::filesystem::path const& file, keys const& all) {
    draft fresh(file);
    if (!fresh.write(text_of(all).reveal()) || !fresh.sync())
        return unusable(file, "making it", errno);
    if (!fresh.link_as(file)) {
        if (errno == EEXIST) return false;
        return unusable(file, "making it", errno);
    }
    if (!sync_folder_of(file)) return unusable(file, "making it durable", errno);
    return true;
}

}  // namespace pilothouse

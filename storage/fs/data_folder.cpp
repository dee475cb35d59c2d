#include "storage/fs/data_folder.hpp"

#include "storage/fs/open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::storage::fs {

namespace {

// True when it was not there.
bool make_folder(path const& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0) return true;
    if (errno != EEXIST) throw_errno(errno, "cannot create the folder " + folder.string());
    return false;
}

// For the folders that we put files in, and empty. A link would lead us into somebody else's.
result<bool> make_inner_folder(path const& folder) {
    if (make_folder(folder)) return true;
    struct stat s{};
    if (::lstat(folder.c_str(), &s) != 0) throw_errno(errno, "cannot examine " + folder.string());
    if (S_ISDIR(s.st_mode)) return false;
    return failure(errc::unavailable, folder.string() + " is " +
                                          (S_ISLNK(s.st_mode) ? "a link" : "a file") +
                                          ", and must be a folder: move it away and start again");
}

std::optional<int> form_written_in(path const& file) {
    std::array<char, 16> buffer{};
    auto const size = open_file::open(file, O_RDONLY).read_at(0, buffer);
    std::string_view const text(buffer.data(), size);
    int form = 0;
    auto const [end, error] = std::from_chars(text.begin(), text.end(), form);
    bool const whole = end == text.end() || (*end == '\n' && end + 1 == text.end());
    if (error != std::errc() || !whole || form < 1) return std::nullopt;
    return form;
}

// Whole or absent, also after a power cut: hence the second name.
void write_form(layout const& where) {
    auto const draft = where.version_draft();
    auto const file = open_file::open(draft, O_WRONLY | O_CREAT | O_TRUNC);
    file.write_all(std::to_string(folder_form) + "\n");
    file.sync();
    std::filesystem::rename(draft, where.version());
    sync_folder(where.folder);
}

result<void> check_written_form(layout const& where) {
    auto const form = form_written_in(where.version());
    if (!form)
        return failure(errc::unavailable, "the file " + where.version().string() +
                                              " holds no number: this is no data folder of "
                                              "Pilothouse, or it is damaged");
    if (*form > folder_form)
        return failure(errc::unavailable,
                       "the data folder " + where.folder.string() + " has form " +
                           std::to_string(*form) + ", and this program knows up to " +
                           std::to_string(folder_form) + ": start a newer Pilothouse on it");
    return {};
}

result<void> check_form(layout const& where) {
    if (std::filesystem::exists(where.version())) return check_written_form(where);
    write_form(where);
    return {};
}

// The rights of this process, as the kernel sees them.
result<void> may_write_in(path const& folder) {
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) == 0) return {};
    return failure(errc::unavailable,
                   "cannot write in the folder " + folder.string() + ": " + std::strerror(errno));
}

// A first opening that was cut short leaves these; a volume of its own has the last.
bool may_be_in_a_new_folder(layout const& where, path const& entry) {
    return entry == where.lock() || entry == where.staging() || entry == where.version_draft() ||
           entry == where.folder / "lost+found";
}

std::optional<path> foreign_entry_in(layout const& where, path const& folder) {
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        if (!may_be_in_a_new_folder(where, entry.path())) return entry.path();
    return std::nullopt;
}

// One of its folders will be emptied: what is somebody else's is left alone, before anything is
// written. A first opening by another process may be under way; it writes VERSION before what is
// not expected here, so that is looked for again.
result<void> check_owner(layout const& where) {
    if (std::filesystem::exists(where.version())) return {};
    auto foreign = foreign_entry_in(where, where.folder);
    auto const staging = std::filesystem::symlink_status(where.staging());
    if (!foreign && std::filesystem::is_directory(staging))
        foreign = foreign_entry_in(where, where.staging());
    if (!foreign || std::filesystem::exists(where.version())) return {};
    return failure(errc::unavailable,
                   where.folder.string() + " is no data folder of Pilothouse: it has no file " +
                       where.version().filename().string() + ", but holds " +
                       foreign->lexically_relative(where.folder).string() +
                       "; name a data folder, an empty one, or one that does not exist yet");
}

void empty_staging(layout const& where) {
    for (auto const& left : std::filesystem::directory_iterator(where.staging()))
        std::filesystem::remove_all(left.path());
}

// SQLite would make it readable for everybody; its log takes the rights of the file. A link in its
// place is refused.
void make_database_file(layout const& where) {
    (void)open_file::open(where.database(), O_RDWR | O_CREAT);
}

// All of them at once and for ever: then a put never has to make a folder and sync its parent.
result<void> make_blob_folders(layout const& where) {
    PILOTHOUSE_TRY(bool made, make_inner_folder(where.blobs()));
    for (int first = 0; first < 256; ++first) {
        PILOTHOUSE_TRY(bool const is_new,
                       make_inner_folder(where.blobs_in(static_cast<unsigned char>(first))));
        made |= is_new;
    }
    if (made) sync_folder(where.blobs());
    return {};
}

}  // namespace

result<folder_lock> open_data_folder(layout const& where, instant now) {
    std::filesystem::create_directories(where.folder.parent_path());
    bool const is_new = make_folder(where.folder);
    if (auto const ours = check_owner(where); !ours) return ours.error();
    PILOTHOUSE_TRY(auto lock, folder_lock::take(where.lock(), now));
    if (auto const made = make_inner_folder(where.staging()); !made) return made.error();
    if (auto const form = check_form(where); !form) return form.error();
    if (auto const made = make_blob_folders(where); !made) return made.error();
    empty_staging(where);
    make_database_file(where);
    sync_folder(where.folder);
    if (is_new) sync_folder(where.folder.parent_path());
    return lock;
}

result<void> look_at_data_folder(layout const& where) {
    if (!std::filesystem::exists(where.folder)) {
        auto above = where.folder.parent_path();
        while (!std::filesystem::exists(above)) above = above.parent_path();
        if (auto const may = may_write_in(above); !may)
            return failure(errc::unavailable, "the data folder " + where.folder.string() +
                                                  " cannot be made: " + may.error().detail);
        return {};
    }
    if (!std::filesystem::is_directory(where.folder))
        return failure(errc::unavailable, where.folder.string() + " is no folder");
    if (auto const may = may_write_in(where.folder); !may) return may.error();
    if (auto const ours = check_owner(where); !ours) return ours.error();
    if (!std::filesystem::exists(where.version())) return {};
    if (auto const form = check_written_form(where); !form) return form.error();
    for (auto const& inner : {where.staging(), where.blobs()})
        if (std::filesystem::exists(inner))
            if (auto const may = may_write_in(inner); !may) return may.error();
    return {};
}

std::uint64_t free_bytes(layout const& where) {
    return std::filesystem::space(where.folder).available;
}

}  // namespace pilothouse::storage::fs

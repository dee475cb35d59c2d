#include "transfer/export_folder.hpp"

#include "transfer/base_url.hpp"
#include "transfer/open_file.hpp"

#include <cerrno>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::transfer {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view marker_name = ".pilothouse-export";
constexpr std::string_view draft_prefix = ".draft-";
constexpr int read_attempts = 5;

class folder_writer {
public:
    folder_writer(house& from, export_request const& what, progress& told)
        : house_(from), what_(what), told_(told), charts_(what.folder / "charts") {}

    [[nodiscard]] result<exported> run();

private:
    // The channel in one state.
    struct state {
        std::vector<held_version> versions;
        std::string index;
    };

    [[nodiscard]] result<void> claim();
    [[nodiscard]] result<state> read_state();
    [[nodiscard]] result<void> write_archives(state const& s);
    [[nodiscard]] result<void> keep_or_write(std::string const& name, sha256_digest const& digest,
                                             bool provenance, std::string const& file_name);
    [[nodiscard]] result<void> replace(fs::path const& file, std::string_view text);
    [[nodiscard]] result<void> sync() const;
    [[nodiscard]] result<void> remove_others(state const& s);
    [[nodiscard]] std::string marker_text() const;

    house& house_;
    export_request const& what_;
    progress& told_;
    fs::path charts_;
    open_file lock_;
    exported done_;
};

// Where a file is written before it has its name. One export at a time, so one name is enough.
fs::path draft_of(fs::path const& file) {
    return file.parent_path() / (std::string(draft_prefix) + file.filename().string());
}

result<open_file> create(fs::path const& file) {
    open_file made(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH));
    if (made.descriptor() < 0) return file_failure(file, errno);
    return made;
}

result<void> give_name(fs::path const& from, fs::path const& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return file_failure(to, errno);
    return {};
}

std::string folder_writer::marker_text() const {
    return "An export of the channel " + what_.channel + " of " + what_.project +
           ", written by `pilothouse export`.\n";
}

// The marker comes before anything else, so that an interrupted export is known again.
result<void> folder_writer::claim() {
    auto const marker = what_.folder / marker_name;
    std::error_code wrong;
    fs::create_directories(what_.folder, wrong);
    if (wrong) return file_failure(what_.folder, wrong.value());
    bool empty = true;
    for (auto const& found : fs::directory_iterator(what_.folder, wrong))
        empty = empty && found.path() == draft_of(marker);
    if (wrong) return file_failure(what_.folder, wrong.value());
    if (empty) {
        auto const claimed = replace(marker, marker_text());
        if (!claimed) return claimed.error();
    }
    auto opened = open_file::read_from(marker);
    if (!opened)
        return failure(errc::conflict, what_.folder.string() +
                                           " has other content: name an empty folder, or one that "
                                           "an export of this channel wrote");
    lock_ = std::move(*opened);
    auto const text = lock_.text(64 * 1024);
    if (!text || *text != marker_text())
        return failure(errc::conflict, what_.folder.string() +
                                           " is the export of another channel; its " +
                                           std::string(marker_name) + " says of which");
    if (::flock(lock_.descriptor(), LOCK_EX | LOCK_NB) != 0)
        return failure(errc::locked, "another export is writing into " + what_.folder.string());
    // A link may lead to files that are not ours to remove.
    if (fs::is_symlink(fs::symlink_status(charts_, wrong)))
        return failure(errc::conflict, charts_.string() + " is a link: remove it first");
    fs::create_directory(charts_, wrong);
    if (wrong) return file_failure(charts_, wrong.value());
    return {};
}

// The list says which archives are signed, the index does not; the two have to be of one moment.
result<folder_writer::state> folder_writer::read_state() {
    for (int attempt = 0; attempt < read_attempts; ++attempt) {
        PILOTHOUSE_TRY(auto before, house_.held());
        PILOTHOUSE_TRY(auto index, house_.index());
        PILOTHOUSE_TRY(auto const after, house_.held());
        if (before == after) return state{std::move(before), std::move(index)};
    }
    return failure(errc::unavailable, "the channel keeps changing: export it in a quieter moment");
}

result<void> folder_writer::write_archives(state const& s) {
    for (std::size_t n = 0; n < s.versions.size(); ++n) {
        auto const& v = s.versions[n];
        told_.at(n, s.versions.size(), v.file_name);
        auto const archive = keep_or_write(v.file_name, v.digest, false, v.file_name);
        if (!archive) return archive.error();
        if (!v.provenance) continue;
        auto const prov = keep_or_write(v.file_name + ".prov", *v.provenance, true, v.file_name);
        if (!prov) return prov.error();
    }
    return {};
}

result<void> folder_writer::keep_or_write(std::string const& name, sha256_digest const& digest,
                                          bool provenance, std::string const& file_name) {
    // The house may be another machine's.
    if (name.find('/') != name.npos || name.starts_with('.'))
        return failure(errc::invalid_argument, "the registry names a file that no chart has");
    auto const file = charts_ / name;
    if (auto const there = open_file::read_from(file); there && there->digest() == digest) {
        ++done_.files_kept;
        return {};
    }
    PILOTHOUSE_TRY(auto draft, create(draft_of(file)));
    sha256_hasher hasher;
    byte_sink const sink = [&](std::string_view bytes) {
        hasher.update(bytes);
        return draft.append(bytes);
    };
    auto const fetched = provenance ? house_.fetch_provenance(file_name, sink)
                                    : house_.fetch_archive(file_name, sink);
    if (!fetched) return fetched.error();
    if (hasher.finish() != digest)
        return failure(errc::unavailable, name + " was replaced meanwhile: call again to go on");
    ++done_.files_written;
    return give_name(draft_of(file), file);
}

result<void> folder_writer::replace(fs::path const& file, std::string_view text) {
    auto const draft = draft_of(file);
    PILOTHOUSE_TRY(auto written, create(draft));
    auto const all = written.append(text);
    if (!all) return all.error();
    if (::fsync(written.descriptor()) != 0) return file_failure(file, errno);
    return give_name(draft, file);
}

// All files at once, before an index names them.
result<void> folder_writer::sync() const {
    if (::syncfs(lock_.descriptor()) != 0) return file_failure(what_.folder, errno);
    return {};
}

// After the new index: until then the old one named them. Only what an export writes is removed.
result<void> folder_writer::remove_others(state const& s) {
    std::set<std::string> wanted;
    for (auto const& v : s.versions) {
        wanted.insert(v.file_name);
        if (v.provenance) wanted.insert(v.file_name + ".prov");
    }
    std::error_code wrong;
    for (auto const& found : fs::directory_iterator(charts_, wrong)) {
        auto const name = found.path().filename().string();
        bool const ours =
            name.ends_with(".tgz") || name.ends_with(".tgz.prov") || name.starts_with(draft_prefix);
        if (!ours || wanted.contains(name)) continue;
        if (fs::remove(found.path(), wrong)) ++done_.files_removed;
    }
    if (wrong) return file_failure(charts_, wrong.value());
    return {};
}

result<exported> folder_writer::run() {
    auto const claimed = claim();
    if (!claimed) return claimed.error();
    PILOTHOUSE_TRY(auto const s, read_state());
    auto const archives = write_archives(s);
    if (!archives) return archives.error();
    auto const durable = sync();
    if (!durable) return durable.error();
    auto const index =
        replace(what_.folder / "index.yaml",
                what_.base_url.empty() ? s.index : with_base_url(s.index, what_.base_url));
    if (!index) return index.error();
    auto const removed = remove_others(s);
    if (!removed) return removed.error();
    done_.versions = s.versions.size();
    return done_;
}

}  // namespace

result<exported> export_folder(house& from, export_request const& what, progress& told) {
    return folder_writer(from, what, told).run();
}

}  // namespace pilothouse::transfer

#include "index/snapshot.hpp"

#include "base/shared_bytes.hpp"
#include "chart/chart_version.hpp"
#include "index/view.hpp"

#include <utility>

namespace pilothouse::index {

namespace {

constexpr std::size_t tags_kept = 8;
// Below, a view is made sooner than a pool would begin with it.
constexpr std::size_t versions_off_the_loop = 1000;

struct made_view {
    std::shared_ptr<snapshot const> pointer;
    std::uint64_t own_bytes = 0;
};

}  // namespace

std::shared_ptr<snapshot const> snapshot::after(storage::index_change const& change) const {
    group_list lines = lines_;
    if (change.what == storage::index_change::kind::put) {
        std::string const text = entry_text(lines.form(), change.fragment);
        lines.put({change.chart, change.version, change.created, text});
    } else {
        lines.remove(change.chart, change.version);
    }
    return std::make_shared<snapshot>(std::move(lines), change.generation, change.generated);
}

task<result<std::shared_ptr<snapshot const>>> snapshot::through(lens l, blocking_pool& pool) const {
    for (;;) {
        auto const turn = views_.enter(l.text());
        if (turn.ready) co_return turn.ready;
        if (turn.makes) break;
        auto made = co_await views_.wait(l.text());
        if (made) co_return made;
    }
    // However this coroutine ends, those who wait hear of it.
    struct maker_duty {
        view_cache& views;
        std::string const& lens;
        made_view made;
        ~maker_duty() { views.end(lens, made.pointer, made.own_bytes); }
    } duty{views_, l.text(), {}};

    auto make = [&]() -> result<made_view> {
        view seen = seen_through(l, lines_);
        return made_view{
            std::make_shared<snapshot const>(std::move(seen.lines), generation_, generated_),
            seen.own_bytes};
    };
    if (lines_.entries() < versions_off_the_loop) {
        duty.made = make().value();
    } else {
        PILOTHOUSE_CO_TRY(duty.made, co_await pool.run(make));
    }
    co_return duty.made.pointer;
}

std::uint64_t snapshot::identity_bytes() const noexcept {
    return lines_.form().head.size() + lines_.bytes() +
           tail(lines_.form(), lines_.entries() > 0, generated_, {}).size();
}

rendered_index snapshot::render(std::string_view context_path, coding c) const {
    std::string_view const head = lines_.form().head;
    std::string end = tail(lines_.form(), lines_.entries() > 0, generated_, context_path);
    rendered_index r;
    r.etag = tag_of(end, c);
    r.pieces.reserve(lines_.groups().size() + 2);
    if (c == coding::identity) {
        r.pieces.emplace_back(nullptr, head);
        for (group_pointer const& g : lines_.groups()) r.pieces.emplace_back(g, g->text());
        r.pieces.emplace_back(std::move(end));
    } else {
        compress();
        r.pieces.emplace_back(gzip_opening(head));
        for (group_pointer const& g : lines_.groups())
            r.pieces.emplace_back(g, g->compress().bytes);
        r.pieces.emplace_back(gzip_closing(end, joined(checksum_, checksum_of(end))));
    }
    for (shared_bytes const& piece : r.pieces) r.length += piece.bytes.size();
    return r;
}

std::string snapshot::etag(std::string_view context_path, coding c) const {
    auto const which = static_cast<std::size_t>(c);
    {
        std::lock_guard lock(tags_mutex_);
        for (auto const& known : tags_)
            if (known.context_path == context_path) return known.by_coding[which];
    }
    auto const end = tail(lines_.form(), lines_.entries() > 0, generated_, context_path);
    known_tags made{std::string(context_path),
                    {tag_of(end, coding::identity), tag_of(end, coding::gzip)}};
    auto tag = made.by_coding[which];
    std::lock_guard lock(tags_mutex_);
    if (tags_.size() < tags_kept) tags_.push_back(std::move(made));
    return tag;
}

void snapshot::compress() const {
    std::call_once(checksummed_, [this] {
        checksum_ = checksum_of(lines_.form().head);
        for (group_pointer const& g : lines_.groups())
            checksum_ = joined(checksum_, g->compress().checksum);
        compressed_.store(true);
    });
}

// The groups are cut by their content alone (see group_list), so equal bytes have equal tags, also
// after a restart and between replicas. Both codings' bytes follow from what is hashed here.
std::string snapshot::tag_of(std::string_view tail, coding c) const {
    std::call_once(summed_, [this] {
        sha256_hasher hasher;
        for (group_pointer const& g : lines_.groups()) hasher.update(g->digest().bytes());
        sum_ = hasher.finish();
    });
    std::string text(sum_.bytes());
    text += tail;
    std::string tag = "\"";
    tag += sha256(text).hex().substr(0, 32);
    tag += c == coding::gzip ? "-gzip\"" : "\"";
    return tag;
}

std::optional<sha256_digest> snapshot::find_archive(std::string_view file_name) const {
    constexpr std::string_view extension = ".tgz";
    if (!file_name.ends_with(extension)) return std::nullopt;
    file_name.remove_suffix(extension.size());
    // Both parts may contain hyphens (contracts: helm 35), so each could be the one between them.
    for (std::size_t at = file_name.find('-'); at != std::string_view::npos;
         at = file_name.find('-', at + 1)) {
        std::string_view const version = file_name.substr(at + 1);
        if (!chart::chart_version::parse(version)) continue;
        if (auto const entry = lines_.find(file_name.substr(0, at), version))
            return digest_in(lines_.form(), entry->text);
    }
    return std::nullopt;
}

}  // namespace pilothouse::index

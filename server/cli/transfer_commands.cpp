// `pilothouse transfer …`: what an import and an export ask of the house. Not for people: they may
// change with any version.
#include "chart/provenance.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;

class transfer_command : public command {
protected:
    void declare_place(CLI::App& app) {
        app.add_option("PROJECT", project_)->required();
        app.add_option("CHANNEL", channel_)->required();
    }
    std::string project_, channel_;
};

std::string verdict_text(result<registry::pushed> const& done) {
    json::object o;
    if (done) {
        o["outcome"] = registry::name_of(done->outcome);
        o["warnings"] = json::array(done->warnings.begin(), done->warnings.end());
    } else {
        o["outcome"] = "refused";
        o["again"] = done.error().code == errc::unavailable;
        o["reason"] = done.error().detail;
    }
    return json::serialize(o) + "\n";
}

// As long as a channel is large, so it goes as a file: not turned into a line of JSON.
output as_file(std::string text) {
    auto file = std::make_shared<storage::blob>();
    file->size_bytes = text.size();
    file->bytes = std::move(text);
    return {"", "", std::move(file)};
}

failure too_large(std::uint64_t limit) {
    return {errc::too_large,
            "the archive is as large as the server's setting helm_max_file_size, " +
                std::to_string(limit) +
                " bytes, or larger: let an administrator raise it (pilothouse settings set)"};
}

// Takes an archive, and perhaps its provenance. A chart that is refused is no failure of the
// command.
class put_chart final : public transfer_command {
public:
    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("--digest", digest_)->required();
        app.add_option("--created", created_);
        app.add_option("--file-name", file_name_);
    }
    [[nodiscard]] std::size_t takes_files() const override { return 2; }
    task<result<void>> may_send_files(services& s) override {
        auto const g = co_await s.in_project(permission::push_chart, project_);
        if (!g) co_return g.error();
        co_return result<void>();
    }
    void take(std::vector<storage::staged_file> attached) override {
        attached_ = std::move(attached);
    }
    task<result<output>> run(services& s, bool /*json*/) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::push_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        if (attached_.empty() || attached_.front().digest().hex() != digest_)
            co_return failure(errc::invalid_argument, "the archive did not arrive as it was sent");
        auto const limit = co_await s.settings.helm_max_file_size();
        if (limit != 0 && attached_.front().size_bytes() >= limit)
            co_return output{verdict_text(too_large(limit)), ""};
        registry::push_request request{channel, std::move(attached_.front()), std::nullopt};
        if (attached_.size() > 1) {
            if (attached_[1].size_bytes() > chart::provenance_bytes_max)
                co_return failure(errc::too_large, "the provenance is too large");
            request.provenance.emplace(std::move(attached_[1]));
        }
        request.created = from_rfc3339(created_);
        if (request.created && !s.here())
            request.created = std::min(*request.created, s.time.now());
        if (!file_name_.empty()) request.expected_file_name = file_name_;
        auto const done = co_await s.push_chart(g, std::move(request));
        co_return output{verdict_text(done), ""};
    }

private:
    std::string digest_, created_, file_name_;
    std::vector<storage::staged_file> attached_;
};

class get_file final : public transfer_command {
public:
    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("FILE", file_)->required();
        app.add_flag("--provenance", provenance_);
    }
    task<result<output>> run(services& s, bool /*json*/) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const pulled = provenance_ ? co_await s.pull_chart.provenance(g, channel, file_)
                                        : co_await s.pull_chart.archive(g, channel, file_);
        if (!pulled) co_return pulled.error();
        co_return output{"", "", pulled->content};
    }

private:
    std::string file_;
    bool provenance_ = false;
};

// Of a channel that is not there as well: an import makes it.
class list_held final : public transfer_command {
public:
    void declare(CLI::App& app) override { declare_place(app); }
    task<result<output>> run(services& s, bool /*json*/) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const versions = co_await s.list_charts.versions(g, channel, std::nullopt);
        co_return as_file(to_json(versions));
    }
};

class get_index final : public transfer_command {
public:
    void declare(CLI::App& app) override { declare_place(app); }
    task<result<output>> run(services& s, bool /*json*/) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const snapshot = co_await s.read_index(g, channel);
        auto const index = snapshot->render("", index::coding::identity);
        std::string text;
        text.reserve(index.length);
        for (auto const& piece : index.pieces) text += piece.bytes;
        co_return as_file(std::move(text));
    }
};

}  // namespace

command_family transfer_commands() {
    return {"transfer", "",
            commands_of(describe<put_chart>({"put", "Takes a chart that comes with it.", ""}),
                        describe<list_held>({"held", "Lists what is there.", ""}),
                        describe<get_file>({"get", "Hands out an archive.", ""}),
                        describe<get_index>({"index", "Hands out the index.", ""}))};
}

}  // namespace pilothouse::cli

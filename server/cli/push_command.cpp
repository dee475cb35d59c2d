// `pilothouse chart push`
#include "server/cli/chart_command.hpp"
#include "server/cli/linked_house.hpp"
#include "transfer/open_file.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using verdict = transfer::house::verdict;

std::string_view word_of(verdict::kind what) noexcept {
    switch (what) {
        case verdict::kind::created: return "pushed";
        case verdict::kind::replaced: return "replaced";
        case verdict::kind::unchanged: return "already there";
        case verdict::kind::refused: break;
    }
    return "refused";
}

// What became of one file.
struct pushed_file {
    std::string file;
    verdict what;
};

class push_files final : public caller_command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PROJECT", project_, "its path, or its number")->required();
        app.add_option("CHANNEL", channel_, "a channel of it, new or not")->required();
        app.add_option("FILE", files_, "chart archives, as `helm package` makes them")
            ->required()
            ->type_name(file_type)
            ->check(not_empty);
        app.add_flag("--without-provenance", without_provenance_,
                     "leave FILE.prov behind, if there is one");
    }
    cli_result run_at_caller(command_link& link, bool json) override {
        linked_house house(link, project_, channel_);
        std::vector<pushed_file> done;
        std::optional<failure> stopped;
        for (auto const& file : files_) {
            auto const what = push(house, file);
            if (what)
                done.push_back({file, *what});
            else
                stopped = what.error();
            if (stopped) break;
        }
        return json ? as_json(done, stopped) : as_text(done, stopped);
    }

private:
    [[nodiscard]] result<verdict> push(linked_house& house, std::string const& file) const {
        PILOTHOUSE_TRY(auto const archive, transfer::open_file::read_from(file));
        transfer::offered_chart chart{"",
                                      archive.digest(),
                                      std::nullopt,
                                      {archive.descriptor(), archive.size_bytes()},
                                      std::nullopt};
        transfer::open_file provenance;
        auto found = transfer::open_file::read_from(file + ".prov");
        if (!found && found.error().code != errc::not_found) return found.error();
        if (found && !without_provenance_) {
            provenance = std::move(*found);
            chart.provenance = {provenance.descriptor(), provenance.size_bytes()};
        }
        return house.push(chart);
    }

    [[nodiscard]] static int status_of(std::vector<pushed_file> const& done,
                                       std::optional<failure> const& stopped) {
        if (stopped) return 1;
        for (auto const& one : done)
            if (one.what.what == verdict::kind::refused) return 1;
        return 0;
    }
    [[nodiscard]] static cli_result as_json(std::vector<pushed_file> const& done,
                                            std::optional<failure> const& stopped) {
        json::array files;
        for (auto const& [file, v] : done) {
            json::object o{{"file", file}, {"outcome", word_of(v.what)}};
            if (v.what == verdict::kind::refused) o["reason"] = v.why.detail;
            o["warnings"] = json::array(v.warnings.begin(), v.warnings.end());
            files.push_back(std::move(o));
        }
        json::object all{{"files", std::move(files)}, {"stopped", nullptr}};
        if (stopped) all["stopped"] = stopped->detail;
        return {status_of(done, stopped), json::serialize(all) + "\n", ""};
    }
    [[nodiscard]] static cli_result as_text(std::vector<pushed_file> const& done,
                                            std::optional<failure> const& stopped) {
        cli_result r{status_of(done, stopped), "", ""};
        for (auto const& [file, v] : done) {
            auto const line = std::string(word_of(v.what)) + " " + file;
            if (v.what == verdict::kind::refused)
                r.err += "pilothouse: " + line + ": " + v.why.detail + "\n";
            else
                r.out += line + "\n";
            for (auto const& warning : v.warnings)
                r.err += "warning " + file + ": " + warning + "\n";
        }
        if (stopped) r.err += "pilothouse: " + stopped->detail + "\n";
        return r;
    }

    std::string project_, channel_;
    std::vector<std::string> files_;
    bool without_provenance_ = false;
};

}  // namespace

described_command push_command() {
    return describe<push_files>(
        {"push", "Pushes archives into a channel, with the provenance that lies beside them.",
         "pilothouse chart push team/charts stable nginx-1.2.3.tgz"});
}

}  // namespace pilothouse::cli

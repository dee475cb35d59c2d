// `pilothouse export`, `pilothouse import`
#include "server/cli/command.hpp"
#include "server/cli/linked_house.hpp"
#include "server/cli/progress_line.hpp"
#include "server/cli/server_choice.hpp"
#include "transfer/export_folder.hpp"
#include "transfer/folder_source.hpp"
#include "transfer/http_source.hpp"
#include "transfer/import_charts.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;

cli_result refused(failure const& why) { return {1, "", "pilothouse: " + why.detail + "\n"}; }

// A base that may stand in an index as it is.
std::string base_url_fault(std::string const& text) {
    bool const web = text.starts_with("http://") || text.starts_with("https://");
    bool const plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '?' && c != '#';
    });
    return web && plain ? "" : "must be an http or https URL without a query";
}

class export_channel final : public caller_command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PROJECT", project_, "its path, or its number")->required();
        app.add_option("CHANNEL", channel_, "a channel of it")->required();
        app.add_option("FOLDER", folder_, "empty, or an earlier export of this channel")
            ->required()
            ->type_name(folder_type)
            ->check(not_empty);
        app.add_option("--url", base_url_, "where the folder will be served [relative URLs]")
            ->check(base_url_fault);
    }
    cli_result run_at_caller(command_link& link, bool json) override {
        linked_house house(link, project_, channel_);
        auto project = house.project_path();
        if (!project) return refused(project.error());
        if (auto const found = house.find_channel(); !found) return refused(found.error());
        while (base_url_.ends_with('/')) base_url_.pop_back();
        progress_line told("exporting");
        auto const done = transfer::export_folder(
            house, {folder_, std::move(*project), channel_, base_url_}, told);
        if (!done) return refused(done.error());
        return {0, json ? as_json(*done) : as_text(*done), ""};
    }

private:
    static std::string as_json(transfer::exported const& done) {
        return json::serialize(json::object{{"versions", done.versions},
                                            {"files_written", done.files_written},
                                            {"files_kept", done.files_kept},
                                            {"files_removed", done.files_removed}}) +
               "\n";
    }
    static std::string as_text(transfer::exported const& done) {
        return "exported " + std::to_string(done.versions) +
               " versions: " + std::to_string(done.files_written) + " files written, " +
               std::to_string(done.files_kept) + " already there, " +
               std::to_string(done.files_removed) + " removed\n";
    }

    std::string project_, channel_, folder_, base_url_;
};

class import_channel final : public caller_command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PROJECT", project_, "its path, or its number")->required();
        app.add_option("CHANNEL", channel_, "a channel of it, new or not")->required();
        app.add_option("SOURCE", source_,
                       "a repository's URL, or a folder: with an index.yaml, or ChartMuseum's")
            ->required()
            ->type_name(folder_type)
            ->check(not_empty);
        auto* const user =
            app.add_option("--user", user_, "a user of the source")->check(not_empty);
        auto* const password =
            app.add_option("--password-file", password_file_, "the user's password")
                ->type_name(file_type)
                ->needs(user);
        user->needs(password);
        app.add_option("--source-token-file", token_file_, "a bearer token of the source")
            ->type_name(file_type)
            ->excludes(user);
        app.add_flag("--allow-private", client_.allow_private,
                     "also from addresses that are not public");
        app.add_option("--source-ca-file", client_.ca_file,
                       "certificates to trust of the source, besides the system's")
            ->type_name(file_type);
        add_bytes(app, "--limit-archive", limits_.archive_bytes, "bytes of one archive [100MiB]");
        add_bytes(app, "--limit-index", limits_.index_bytes,
                  "bytes of the source's index [100MiB]");
        add_duration(app, "--limit-time", download_time_, "for one download [10m]",
                     {std::chrono::seconds(1), std::chrono::hours(24)});
        app.add_flag("--without-provenance", without_provenance_, "leave .prov files behind");
    }
    cli_result run_at_caller(command_link& link, bool json) override {
        auto const from = open_source();
        if (!from) return refused(from.error());
        linked_house house(link, project_, channel_);
        auto const done = [&] {
            progress_line told("importing");
            return transfer::import_charts(**from, house, {!without_provenance_}, told);
        }();
        if (!done) return refused(done.error());
        return json ? as_json(*done) : as_text(*done);
    }

private:
    result<std::unique_ptr<transfer::source>> open_source() {
        if (!source_.starts_with("http://") && !source_.starts_with("https://"))
            return transfer::open_folder_source(source_, limits_);
        client_.total = download_time_;
        std::optional<client::login> who;
        auto const file = user_.empty() ? token_file_ : password_file_;
        if (!file.empty()) {
            PILOTHOUSE_TRY(auto text, secret_in(file));
            who = client::login{user_, std::move(text)};
        }
        return transfer::open_http_source(source_, std::move(who), client_, limits_);
    }

    static int status_of(transfer::imported const& done) {
        return done.refused.empty() && !done.stopped ? 0 : 1;
    }
    static cli_result as_json(transfer::imported const& done) {
        json::object o{{"imported", done.taken},
                       {"already_there", done.already_there},
                       {"refused", as_array(done.refused, "reason")},
                       {"warnings", as_array(done.warnings, "warning")},
                       {"stopped", nullptr}};
        if (done.stopped) o["stopped"] = done.stopped->detail;
        return {status_of(done), json::serialize(o) + "\n", ""};
    }
    static json::array as_array(std::vector<transfer::remark> const& remarks, char const* key) {
        json::array all;
        for (auto const& r : remarks) all.push_back(json::object{{"file", r.file}, {key, r.text}});
        return all;
    }
    static cli_result as_text(transfer::imported const& done) {
        cli_result r{status_of(done),
                     "imported " + std::to_string(done.taken) + ", already there " +
                         std::to_string(done.already_there) + ", refused " +
                         std::to_string(done.refused.size()) + "\n",
                     ""};
        for (auto const& [file, why] : done.refused)
            r.err += "refused " + printable(file) + ": " + printable(why) + "\n";
        for (auto const& [file, text] : done.warnings)
            r.err += "warning " + printable(file) + ": " + printable(text) + "\n";
        if (done.stopped)
            r.err += "pilothouse: stopped: " + done.stopped->detail +
                     "; the same command goes on from here\n";
        return r;
    }
    // Texts of other people's indexes: a terminal must not take them for commands.
    static std::string printable(std::string text) {
        std::replace_if(
            text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, '?');
        return text;
    }

    std::string project_, channel_, source_, user_, password_file_, token_file_;
    client::client_settings client_;
    transfer::source_limits limits_;
    std::chrono::seconds download_time_ = std::chrono::minutes(10);
    bool without_provenance_ = false;
};

}  // namespace

command_family caller_commands() {
    return {
        "", "",
        commands_of(describe<import_channel>(
                        {"import", "Brings the charts of a repository or folder into a channel.",
                         "pilothouse import team/charts stable https://charts.example.com"}),
                    describe<export_channel>(
                        {"export", "Writes a channel as a folder that any web server can serve.",
                         "pilothouse export team/charts stable /srv/charts"}))};
}

}  // namespace pilothouse::cli

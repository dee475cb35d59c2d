// The catalogue in SQLite.
#pragma once

#include "base/clock.hpp"
#include "storage/catalogue.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/sql.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_catalogue final : public catalogue {
public:
    // `observer` may be null.
    sqlite_catalogue(database& db, clock const& time, catalogue_observer* observer)
        : db_(db), time_(time), observer_(observer) {}

    [[nodiscard]] task<result<added>> add(project_id project, std::string channel,
                                          catalogue_entry entry, on_duplicate rule) override;
    [[nodiscard]] task<result<void>> attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) override;
    [[nodiscard]] task<result<catalogue_entry>> find(project_id project, std::string channel,
                                                     std::string file_name) override;
    [[nodiscard]] task<std::vector<catalogue_entry>> remove(
        project_id project, std::string channel, std::optional<std::string> chart,
        std::optional<std::string> version) override;
    [[nodiscard]] task<std::vector<catalogue_entry>> list(
        project_id project, std::string channel, std::optional<std::string> chart) override;
    [[nodiscard]] task<std::vector<channel_record>> channels(project_id project) override;
    [[nodiscard]] task<std::optional<channel_record>> scan(project_id project, std::string channel,
                                                           index_visitor visit) override;
    [[nodiscard]] task<std::vector<sha256_digest>> named_blobs() override;

private:
    static constexpr sql project_exists = "SELECT 1 FROM project WHERE id = ?";

    static constexpr sql channel_by_name =
        "SELECT id, project_id, name, generation, generated, versions, charts, size_bytes "
        "FROM channel WHERE project_id = ? AND name = ?";
    static constexpr sql channels_in_use =
        "SELECT id, project_id, name, generation, generated, versions, charts, size_bytes "
        "FROM channel WHERE project_id = ? AND versions > 0 ORDER BY name";
    static constexpr sql insert_channel =
        "INSERT INTO channel (project_id, name, generation, generated, versions, charts, "
        "size_bytes) VALUES (?, ?, 0, 0, 0, 0, 0)";
    static constexpr sql update_channel =
        "UPDATE channel SET generation = ?, generated = ?, versions = ?, charts = ?, "
        "size_bytes = ? WHERE id = ?";

    static constexpr sql entry_by_file =
        "SELECT id, chart, version, precedence_key, file_name, digest, size_bytes, content, "
        "provenance, created, created_by, fragment "
        "FROM version WHERE channel_id = ? AND file_name = ?";
    static constexpr sql entries_of_channel =
        "SELECT id, chart, version, precedence_key, file_name, digest, size_bytes, content, "
        "provenance, created, created_by FROM version WHERE channel_id = ? "
        "ORDER BY chart, precedence_key DESC, created DESC, version";
    static constexpr sql entries_of_chart =
        "SELECT id, chart, version, precedence_key, file_name, digest, size_bytes, content, "
        "provenance, created, created_by FROM version WHERE channel_id = ? AND chart = ? "
        "ORDER BY precedence_key DESC, created DESC, version";
    static constexpr sql index_of_channel =
        "SELECT chart, version, created, fragment FROM version WHERE channel_id = ? "
        "ORDER BY chart, precedence_key DESC, created DESC, version";
    static constexpr sql chart_exists =
        "SELECT 1 FROM version WHERE channel_id = ? AND chart = ? LIMIT 1";
    static constexpr sql insert_version =
        "INSERT INTO version (channel_id, chart, version, precedence_key, file_name, digest, "
        "size_bytes, content, provenance, created, created_by, fragment) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static constexpr sql replace_version =
        "UPDATE version SET digest = ?, size_bytes = ?, content = ?, provenance = ?, created = ?, "
        "created_by = ?, fragment = ? WHERE id = ?";
    static constexpr sql name_provenance = "UPDATE version SET provenance = ? WHERE id = ?";
    static constexpr sql delete_version = "DELETE FROM version WHERE id = ?";
    static constexpr sql digests_named =
        "SELECT digest FROM version "
        "UNION SELECT provenance FROM version WHERE provenance IS NOT NULL";

    [[nodiscard]] static std::optional<channel_record> find_channel(connection& c,
                                                                    project_id project,
                                                                    std::string_view name);
    [[nodiscard]] static std::optional<catalogue_entry> find_entry(connection& c,
                                                                   channel_id channel,
                                                                   std::string_view file_name);
    [[nodiscard]] static std::vector<catalogue_entry> list_entries(
        connection& c, channel_id channel, std::optional<std::string> const& chart);
    [[nodiscard]] static bool holds_chart(connection& c, channel_id channel,
                                          std::string_view chart);
    [[nodiscard]] static result<channel_record> make_channel(connection& c, project_id project,
                                                             std::string const& name);
    static void save(connection& c, channel_record const& channel);

    [[nodiscard]] added publish(transaction& t, channel_record channel, catalogue_entry entry);
    [[nodiscard]] added replace(transaction& t, channel_record channel,
                                catalogue_entry const& published, catalogue_entry entry);
    [[nodiscard]] added keep(connection& c, catalogue_entry published,
                             catalogue_entry const& offered);
    void tell_put(transaction& t, channel_record const& channel, catalogue_entry const& entry);
    void tell_removed(transaction& t, channel_record const& channel,
                      std::vector<catalogue_entry> const& removed);
    [[nodiscard]] instant later_than(instant last) const;

    database& db_;
    clock const& time_;
    catalogue_observer* observer_;
};

}  // namespace pilothouse::storage::sqlite

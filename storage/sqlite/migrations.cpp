#include "storage/sqlite/migrations.hpp"

#include "storage/sqlite/forms/form_01_ground.hpp"
#include "storage/sqlite/forms/form_02_groups.hpp"
#include "storage/sqlite/forms/form_03_channels.hpp"
#include "storage/sqlite/forms/form_04_packages.hpp"
#include "storage/sqlite/forms/form_05_quotas.hpp"
#include "storage/sqlite/forms/form_06_releases.hpp"
#include "storage/sqlite/forms/form_07_deployments.hpp"
#include "storage/sqlite/forms/form_08_stopping.hpp"
#include "storage/sqlite/forms/form_09_webhooks.hpp"
#include "storage/sqlite/forms/form_10_turns.hpp"
#include "storage/sqlite/forms/form_11_followers.hpp"
#include "storage/sqlite/forms/form_12_retries.hpp"
#include "storage/sqlite/forms/form_13_deployments.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace pilothouse::storage::sqlite {

namespace {

// What brings the form before to this one, and says that it is there.
struct step {
    sql form, number;
};
// Never edit a form that a release contained: append one. Times are nanoseconds since 1970, digests
// 32 bytes. AUTOINCREMENT: a number once given never names another row, also after a removal.
constexpr step steps[]{
    {form_01_ground, "PRAGMA user_version = 1"},
    {form_02_groups, "PRAGMA user_version = 2"},
    {form_03_channels, "PRAGMA user_version = 3"},
    {form_04_packages, "PRAGMA user_version = 4"},
    {form_05_quotas, "PRAGMA user_version = 5"},
    {form_06_releases, "PRAGMA user_version = 6"},
    {form_07_deployments, "PRAGMA user_version = 7"},
    {form_08_stopping, "PRAGMA user_version = 8"},
    {form_09_webhooks, "PRAGMA user_version = 9"},
    {form_10_turns, "PRAGMA user_version = 10"},
    {form_11_followers, "PRAGMA user_version = 11"},
    {form_12_retries, "PRAGMA user_version = 12"},
    {form_13_deployments, "PRAGMA user_version = 13"},
};

constexpr sql begin = "BEGIN IMMEDIATE";
constexpr sql commit = "COMMIT";
constexpr sql read_number = "PRAGMA user_version";

}  // namespace

result<void> migrate(connection& c) {
    std::int64_t number = 0;
    {
        auto r = c.run(read_number);
        if (r.next()) number = r.integer(0);
    }
    if (number < 0 || number > std::ssize(steps))
        return failure(errc::unavailable,
                       "the database was written by a newer Pilothouse (its form is number " +
                           std::to_string(number) + ", this program knows up to " +
                           std::to_string(std::size(steps)) + "): start that newer one");
    for (auto i = static_cast<std::size_t>(number); i < std::size(steps); ++i) {
        c.execute(begin);
        c.execute_script(steps[i].form);
        c.execute_script(steps[i].number);
        c.execute(commit);
    }
    return {};
}

}  // namespace pilothouse::storage::sqlite

#include "server/forms/chart_form.hpp"

#include "chart/provenance.hpp"
#include "server/http/multipart_reader.hpp"

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace pilothouse::forms {

namespace {

// What one form brings, part by part.
class receiver {
public:
    receiver(storage::staging_area& staging, std::uint64_t file_bytes_max)
        : staging_(staging), file_bytes_max_(file_bytes_max == 0 ? no_limit : file_bytes_max) {}

    task<result<void>> take(http::multipart_reader::event const& event) {
        using reader = http::multipart_reader;
        if (auto const* part = std::get_if<reader::part_begin>(&event))
            co_return co_await begin(part->part);
        if (auto const* data = std::get_if<reader::part_data>(&event))
            co_return co_await append(data->bytes);
        if (std::holds_alternative<reader::part_end>(event)) co_await end();
        co_return result<void>();
    }
    [[nodiscard]] chart_form form() && { return std::move(form_); }

private:
    static constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();

    task<result<void>> begin(http::form_part const& part) {
        target_ = nullptr;
        limit_ = no_limit;
        if (part.name == "chart") {
            if (form_.chart || form_.chart_is_text) co_return twice("chart");
            form_.chart_is_text = !part.file_name;
            if (form_.chart_is_text) co_return result<void>();
            target_ = &form_.chart;
            limit_ = file_bytes_max_;
        } else if (part.name == "prov") {
            if (form_.provenance) co_return twice("prov");
            target_ = &form_.provenance;
            limit_ = chart::provenance_bytes_max;
        }
        if (target_ != nullptr) writer_ = co_await staging_.create();
        co_return result<void>();
    }

    task<result<void>> append(std::string_view bytes) {
        if (target_ == nullptr) co_return result<void>();
        if (writer_->size_bytes() + bytes.size() > limit_) co_return too_large();
        co_await writer_->write(bytes);
        co_return result<void>();
    }

    [[nodiscard]] failure too_large() const {
        auto const bytes = std::to_string(limit_) + " bytes";
        if (target_ == &form_.provenance)
            return {errc::too_large, "the provenance file is larger than " + bytes};
        return {errc::too_large, "the chart is larger than the server takes: " + bytes +
                                     ", its setting helm_max_file_size"};
    }

    task<void> end() {
        if (target_ != nullptr) target_->emplace(co_await writer_->finish());
        target_ = nullptr;
        writer_.reset();
    }

    static failure twice(std::string_view name) {
        return {errc::invalid_request, "the form has two fields called `" + std::string(name) +
                                           "`: push one chart a request"};
    }

    storage::staging_area& staging_;
    std::uint64_t const file_bytes_max_;
    chart_form form_;
    std::optional<storage::staged_file>* target_ = nullptr;  // null: the part is dropped
    std::uint64_t limit_ = no_limit;
    std::unique_ptr<storage::staged_writer> writer_;
};

}  // namespace

task<result<chart_form>> receive_chart_form(http::exchange& x, storage::staging_area& staging,
                                            std::uint64_t file_bytes_max) {
    PILOTHOUSE_CO_TRY(auto const boundary, http::boundary_of(x.head.field("Content-Type")));
    http::multipart_reader reader(boundary);
    receiver received(staging, file_bytes_max);
    while (true) {
        PILOTHOUSE_CO_TRY(auto const bytes, co_await x.body.read());
        if (bytes.empty()) break;
        PILOTHOUSE_CO_TRY(auto const events, reader.feed(bytes));
        for (auto const& event : events) {
            auto const taken = co_await received.take(event);
            if (!taken) co_return taken.error();
        }
    }
    if (auto const whole = reader.end(); !whole) co_return whole.error();
    co_return std::move(received).form();
}

}  // namespace pilothouse::forms

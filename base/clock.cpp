#include "base/clock.hpp"

#include <fmt/compile.h>

#include <array>
#include <ctime>

namespace pilothouse {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads from the front of a text; any mismatch makes the whole reader fail.
class reader {
public:
    explicit reader(std::string_view text) : text_(text) {}

    int digits(std::size_t count) {
        if (text_.size() < count) return fail();
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (text_[i] < '0' || text_[i] > '9') return fail();
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(count);
        return value;
    }
    void literal(std::string_view expected) {
        if (!text_.starts_with(expected)) {
            fail();
            return;
        }
        text_.remove_prefix(expected.size());
    }
    template <std::size_t N>
    int word(std::array<std::string_view, N> const& words) {
        for (std::size_t i = 0; i < N; ++i) {
            if (text_.starts_with(words[i])) {
                text_.remove_prefix(words[i].size());
                return static_cast<int>(i);
            }
        }
        return fail();
    }
    [[nodiscard]] bool take(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_.front(); }
    [[nodiscard]] bool done() const { return ok_ && text_.empty(); }
    [[nodiscard]] bool ok() const { return ok_; }

private:
    int fail() {
        ok_ = false;
        text_ = {};
        return 0;
    }
    std::string_view text_;
    bool ok_ = true;
};

std::optional<sys_days> valid_day(int y, int m, int d) {
    year_month_day const date{year(y), month(static_cast<unsigned>(m)),
                              day(static_cast<unsigned>(d))};
    if (!date.ok() || y < 1970 || y > 2261) return std::nullopt;
    return sys_days(date);
}

// A leap second is read as the second before it.
std::optional<seconds> valid_time(int h, int m, int s) {
    if (h > 23 || m > 59 || s > 60) return std::nullopt;
    return hours(h) + minutes(m) + seconds(s == 60 ? 59 : s);
}

}  // namespace

instant system_clock::now() const {
    return time_point_cast<nanoseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(instant t) {
    auto const day = floor<days>(t);
    year_month_day const date{day};
    hh_mm_ss const time{t - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

std::optional<instant> from_rfc3339(std::string_view text) {
    reader in(text);
    int const y = in.digits(4);
    in.literal("-");
    int const mo = in.digits(2);
    in.literal("-");
    int const d = in.digits(2);
    if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
    int const h = in.digits(2);
    in.literal(":");
    int const mi = in.digits(2);
    in.literal(":");
    int const s = in.digits(2);
    std::int64_t fraction = 0;
    if (in.take('.')) {
        int count = 0;
        for (; in.peek() >= '0' && in.peek() <= '9'; ++count) {
            int const digit = in.digits(1);
            if (count < 9) fraction = fraction * 10 + digit;
        }
        if (count == 0) return std::nullopt;
        for (; count < 9; ++count) fraction *= 10;
    }
    minutes offset{0};
    if (!in.take('Z') && !in.take('z')) {
        bool const minus = in.peek() == '-';
        if (!in.take('+') && !in.take('-')) return std::nullopt;
        int const oh = in.digits(2);
        in.literal(":");
        int const om = in.digits(2);
        if (oh > 23 || om > 59) return std::nullopt;
        offset = (minus ? -1 : 1) * (hours(oh) + minutes(om));
    }
    auto const day = valid_day(y, mo, d);
    auto const time = valid_time(h, mi, s);
    if (!in.done() || !day || !time) return std::nullopt;
    return instant(*day) + *time + nanoseconds(fraction) - offset;
}

std::string to_http_date(instant t) {
    auto const day = floor<days>(t);
    year_month_day const date{day};
    hh_mm_ss const time{floor<seconds>(t - day)};
    return fmt::format(FMT_COMPILE("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT"),
                       day_names[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                       month_names[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::optional<instant> from_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 7> long_day_names = {
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    auto const read_time = [&](reader& in) {
        h = in.digits(2);
        in.literal(":");
        mi = in.digits(2);
        in.literal(":");
        s = in.digits(2);
    };
    bool read = false;
    {  // Sun, 06 Nov 1994 08:49:37 GMT
        reader in(text);
        in.word(day_names);
        in.literal(", ");
        d = in.digits(2);
        in.literal(" ");
        mo = in.word(month_names) + 1;
        in.literal(" ");
        y = in.digits(4);
        in.literal(" ");
        read_time(in);
        in.literal(" GMT");
        read = in.done();
    }
    if (!read) {  // Sunday, 06-Nov-94 08:49:37 GMT
        reader in(text);
        in.word(long_day_names);
        in.literal(", ");
        d = in.digits(2);
        in.literal("-");
        mo = in.word(month_names) + 1;
        in.literal("-");
        y = in.digits(2);
        y += y < 70 ? 2000 : 1900;
        in.literal(" ");
        read_time(in);
        in.literal(" GMT");
        read = in.done();
    }
    if (!read) {  // Sun Nov  6 08:49:37 1994
        reader in(text);
        in.word(day_names);
        in.literal(" ");
        mo = in.word(month_names) + 1;
        in.literal(" ");
        d = in.take(' ') ? in.digits(1) : in.digits(2);
        in.literal(" ");
        read_time(in);
        in.literal(" ");
        y = in.digits(4);
        read = in.done();
    }
    auto const day = valid_day(y, mo, d);
    auto const time = valid_time(h, mi, s);
    if (!read || !day || !time) return std::nullopt;
    return instant(*day) + *time;
}

}  // namespace pilothouse

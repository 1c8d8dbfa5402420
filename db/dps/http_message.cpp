#include "db/dps/http_message.h"

#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <charconv>

namespace enroll::db::dps {
namespace {

using std::chrono::seconds;

constexpr seconds kLongest{3600};

std::optional<seconds> fromNumber(std::string_view text)
{
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || value < 0) {
        return {};
    }
    return error == std::errc::result_out_of_range ? kLongest : seconds{value};
}

std::optional<seconds> fromDate(std::string_view text, UtcTime now)
{
    const auto latin = QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
    auto date = QLocale::c().toDateTime(latin, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    if (!date.isValid()) {
        return {};
    }
    date.setTimeZone(QTimeZone::utc());
    const UtcTime then{std::chrono::milliseconds{date.toMSecsSinceEpoch()}};
    return std::max(seconds{0}, std::chrono::ceil<seconds>(then - now));
}

} // namespace

Result<HttpAnswer> answerOf(HttpOutcome outcome)
{
    if (auto* none = std::get_if<NoAnswer>(&outcome)) {
        return std::move(none->error);
    }
    return std::get<HttpAnswer>(std::move(outcome));
}

std::string_view headerOf(const HttpAnswer& answer, const std::string& name)
{
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<seconds> parseRetryAfter(std::string_view text, UtcTime now)
{
    if (text.empty()) {
        return {};
    }
    const bool number = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    const auto wait = number ? fromNumber(text) : fromDate(text, now);
    return wait ? std::optional{std::min(*wait, kLongest)} : std::nullopt;
}

std::optional<seconds> retryAfterOf(const HttpAnswer& answer, UtcTime now)
{
    return parseRetryAfter(headerOf(answer, "retry-after"), now);
}

} // namespace enroll::db::dps

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret_bytes.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace enroll::db::dps {

/// One request, complete. Values only: nothing here knows of sockets.
struct HttpRequest {
    std::string method;        ///< "GET", "PUT", "POST"
    std::string target;        ///< path and query, percent-encoded where needed: "/enrollments?api-version=…"
    std::string authorization; ///< empty: the header is left out
    Bytes body;                ///< empty: no body and no Content-Type
    /// Called once, on the caller's thread, before the first byte of the body leaves: there is a connection by then. On
    /// an error none of it leaves.
    std::function<Result<void>()> beforeBody = {};
};

/// What a server said, whatever it said. The lack of an answer is an Error instead.
struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case; at most kMaxHeaderBytes
    Bytes body;                                 ///< at most kMaxAnswerBytes
};

/// Whether something that got no answer may have reached the far end all the same.
enum class Delivery { NotDelivered, InDoubt };

/// Why there is no answer.
struct NoAnswer {
    Error error;
    Delivery delivery = Delivery::InDoubt;
};

using HttpOutcome = std::variant<HttpAnswer, NoAnswer>;

/// For callers to whom delivery makes no difference.
Result<HttpAnswer> answerOf(HttpOutcome outcome);

/// An honest answer about one bulk of ten takes a few kilobytes, and a page of a hundred enrollments a few hundred.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{4} * 1024 * 1024;

/// What servers take of a client's; the services' own answers have one or two kilobytes.
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} * 1024;

/// The text of a header, "" if absent. \p name in lower case.
std::string_view headerOf(const HttpAnswer& answer, const std::string& name);

/// How long the server asks to be left alone: Retry-After in seconds, or as an HTTP date counted from \p now.
///
/// Absent, unreadable or negative values give nothing; a date that has passed gives 0; more than an hour is cut to one,
/// so that a wrong clock at the far end cannot stop a line for a day.
/// Source: RFC 9110, sections 5.6.7 "Date/Time Formats" (IMF-fixdate) and 10.2.3 "Retry-After".
std::optional<std::chrono::seconds> retryAfterOf(const HttpAnswer& answer, UtcTime now);

/// retryAfterOf() for the text of the header.
std::optional<std::chrono::seconds> parseRetryAfter(std::string_view text, UtcTime now);

} // namespace enroll::db::dps

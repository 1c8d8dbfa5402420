#pragma once

#include "core/base/bytes.h"
#include "db/dps/http_message.h"

#include <array>

namespace enroll::fuzz {

/// The first byte chooses the status, the second whether a Retry-After stands in front of the body, which is the rest.
inline db::dps::HttpAnswer answerFrom(ByteView bytes)
{
    constexpr std::array kStatuses{200, 202, 204, 400, 401, 403, 404, 408, 409, 412, 413, 429, 500, 503, 0, 999};
    db::dps::HttpAnswer answer;
    ByteReader reader{bytes};
    if (bytes.size() < 2) {
        return answer;
    }
    answer.status = kStatuses.at(reader.u8("status").value() % kStatuses.size());
    if ((reader.u8("headers").value() & 1U) != 0) {
        answer.headers["retry-after"] = std::string{asText(reader.rest())}.substr(0, 32);
    }
    answer.body = toBytes(reader.rest());
    return answer;
}

} // namespace enroll::fuzz

#include "app/service/request_target.h"
#include "core/base/station_code.h"
#include "core/crypto/sas_token.h"

#include <algorithm>
#include <cstdlib>

using namespace enroll;
using namespace enroll::app::service;

namespace {

bool hasControlCharacter(const std::string& text)
{
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

/// The target as a careful client would write it.
std::string written(const RequestTarget& target)
{
    std::string text;
    for (const auto& part : target.path) {
        text += "/" + crypto::percentEncode(part);
    }
    text += target.path.back().empty() ? "/?" : "?"; // one slash at the end is dropped
    for (const auto& [name, value] : target.query) {
        text += crypto::percentEncode(name) + "=" + crypto::percentEncode(value) + "&";
    }
    if (!target.query.empty()) {
        text.pop_back();
    }
    return text;
}

} // namespace

/// What is accepted holds no control character, and means the same when every part of it is escaped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto target = parseRequestTarget(text);
    if (!target.ok()) {
        return target.error().code == StationCode::EncodingMalformed ? 0 : (std::abort(), 0);
    }
    if (target->path.empty() || std::ranges::any_of(target->path, hasControlCharacter)) {
        std::abort();
    }
    const auto again = parseRequestTarget(written(*target));
    if (!again.ok() || again->path != target->path || again->query != target->query) {
        std::abort();
    }
    return 0;
}

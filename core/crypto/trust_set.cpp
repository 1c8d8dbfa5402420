#include "core/crypto/trust_set.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <algorithm>

namespace enroll::crypto {
namespace {

constexpr std::size_t kLongestName = 32;

bool isLetter(char c) noexcept
{
    return c >= 'a' && c <= 'z';
}

bool isAllowed(char c) noexcept
{
    return isLetter(c) || (c >= '0' && c <= '9') || c == '-';
}

} // namespace

Result<void> requireTrustSetName(std::string_view name)
{
    if (name.empty() || name.size() > kLongestName || !isLetter(name.front()) ||
        !std::ranges::all_of(name, isAllowed)) {
        return makeError(StationCode::UsageInvalid,
                         quotedText(name) + " is no name of a trust set: it has 1 to 32 lower-case letters, "
                                            "digits and dashes and begins with a letter");
    }
    return {};
}

} // namespace enroll::crypto

#include "core/enrollment/registration_id.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/base32.h"
#include "core/crypto/digest.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

constexpr std::size_t kMostCharacters = 128;

bool isAlphanumeric(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool mayOccur(char c) noexcept
{
    return isAlphanumeric(c) || std::string_view{"-._:"}.find(c) != std::string_view::npos;
}

Error refused(std::string what)
{
    return makeError(StationCode::NameNotAllowed, std::move(what), "registration id");
}

Error refusedAt(std::size_t index, std::string_view why)
{
    return refused("character " + std::to_string(index + 1) + " of the registration id " + std::string{why});
}

} // namespace

/// Lower case, because stores and services compare ids without regard to case, and device SDKs write lower case.
Result<RegistrationId> registrationIdFromEk(ByteView tpm2bPublic)
{
    TRY_ASSIGN(const auto digest, crypto::sha256({tpm2bPublic}));
    return RegistrationId{crypto::toBase32Lower(digest)};
}

Result<RegistrationId> parseRegistrationId(std::string_view text)
{
    if (text.empty() || text.size() > kMostCharacters) {
        return refused("a registration id has 1 to 128 characters, this one " + std::to_string(text.size()));
    }
    if (const auto* odd = std::ranges::find_if_not(text, mayOccur); odd != text.end()) {
        return refusedAt(static_cast<std::size_t>(odd - text.begin()), "is not one of A-Z a-z 0-9 - . _ :");
    }
    if (!isAlphanumeric(text.front())) {
        return refusedAt(0, "must be a letter or a digit");
    }
    if (!isAlphanumeric(text.back()) && text.back() != '-') {
        return refusedAt(text.size() - 1, "must be a letter, a digit or a dash");
    }
    return RegistrationId{std::string{text}};
}

bool sameRegistrationId(const RegistrationId& left, const RegistrationId& right) noexcept
{
    return equalWithoutCase(left.text(), right.text());
}

std::string registrationKey(const RegistrationId& id)
{
    return asciiLowered(id.text());
}

} // namespace enroll::enrollment

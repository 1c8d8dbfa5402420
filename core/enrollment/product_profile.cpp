#include "core/enrollment/product_profile.h"

#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/enrollment/registration_id.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

constexpr std::size_t kMostCharacters = 64;

Error refused(std::string_view text, std::string what)
{
    auto error = makeError(ScanCode::NotASerialNumber, std::move(what), "serial number");
    error.subject = std::string{text.substr(0, kMostCharacters)};
    return error;
}

/// True for two serial numbers one behind the other, as a scanner sends them whose line end got lost.
bool isTwoSerials(std::string_view text, const SerialPattern& pattern)
{
    for (std::size_t first = 1; first < text.size(); ++first) {
        if (pattern.fits(text.substr(0, first)) && pattern.fits(text.substr(first))) {
            return true;
        }
    }
    return false;
}

bool isPrintable(char c) noexcept
{
    return c >= ' ' && c <= '~';
}

} // namespace

Result<SerialNumber> parseSerialNumber(std::string_view text, const ProductProfile& profile)
{
    if (text.empty() || text.size() > kMostCharacters) {
        return refused(text, "a serial number has 1 to 64 characters, this one " + std::to_string(text.size()));
    }
    if (!std::ranges::all_of(text, isPrintable)) {
        return refused({}, "a serial number has printable ASCII characters only");
    }
    if (text.front() == ' ' || text.back() == ' ') {
        return refused(text, "a serial number neither begins nor ends with a space");
    }
    if (!profile.serialPattern.fits(text)) {
        const auto exchanged = asciiCaseExchanged(text);
        if (isTwoSerials(text, profile.serialPattern) || isTwoSerials(exchanged, profile.serialPattern)) {
            return makeError(ScanCode::TwoCodesAsOne, "'" + shownText(text) + "' is two serial numbers",
                             "serial number");
        }
        if (profile.serialPattern.fits(exchanged)) {
            return makeError(ScanCode::CapsLockIsOn, "'" + shownText(text) + "' fits the pattern in the other case",
                             "serial number");
        }
        return refused(text, "'" + shownText(text) + "' does not fit the pattern " + profile.serialPattern.text());
    }
    SerialNumber serial{std::string{text}};
    if (profile.registrationIdRule == RegistrationIdRule::Serial) {
        if (const auto id = parseRegistrationId(text); !id.ok()) {
            return refused(text, id.error().what + ", and the profile makes it of the serial number '" +
                                     shownText(text) + "'");
        }
    }
    // Any registration id does: its characters are among those of device ids.
    if (const auto id = deviceIdFor(profile.enrollment, {serial, RegistrationId{"0"}, {}}); !id.ok()) {
        return refused(text, id.error().what);
    }
    return serial;
}

Result<RegistrationId> registrationIdFor(const ProductProfile& profile, const SerialNumber& serial,
                                         ByteView tpm2bPublic)
{
    switch (profile.registrationIdRule) {
    case RegistrationIdRule::EkSha256Base32:
        return registrationIdFromEk(tpm2bPublic);
    case RegistrationIdRule::Serial:
        return parseRegistrationId(serial.text());
    }
    return registrationIdFromEk(tpm2bPublic);
}

Result<void> requireAllowedTransport(const ProductProfile& profile, std::string_view transport)
{
    const auto& allowed = profile.allowedTransports;
    if (allowed.empty() || std::ranges::find(allowed, transport) != allowed.end()) {
        return {};
    }
    return makeError(StationCode::UsageInvalid, "the profile " + quotedText(profile.stamp.name) + " does not allow " +
                                                    std::string{transport} + "://; it allows " +
                                                    joined(allowed, "://, ") + "://");
}

} // namespace enroll::enrollment

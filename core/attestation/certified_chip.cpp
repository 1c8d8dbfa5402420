#include "core/attestation/certified_chip.h"

#include "core/attestation/certified_maker.h"
#include "core/base/bytes.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace enroll::attestation {
namespace {

/// A maker's vendor id and how many hexadecimal digits it writes: the first half of them is the first number.
struct VersionForm {
    std::uint32_t maker;
    std::size_t digits;
};
constexpr std::array kForms{VersionForm{0x49465800, 4}, VersionForm{0x53544D20, 8}, VersionForm{0x4E544300, 8}};

constexpr std::string_view kPrefix = "id:";

std::uint16_t numberIn(ByteView bytes) noexcept
{
    unsigned number = 0;
    for (const auto byte : bytes) {
        number = (number << 8U) | std::to_integer<unsigned>(byte);
    }
    return static_cast<std::uint16_t>(number);
}

constexpr bool isLetterOrDigit(char c) noexcept
{
    const auto lower = asciiLower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

/// Letters and digits in one case, without the word that every TPM's name may have.
std::string plain(const std::string& text)
{
    constexpr std::string_view kWord = "tpm";
    std::string left;
    std::ranges::copy_if(asciiLowered(text), std::back_inserter(left), isLetterOrDigit);
    for (auto at = left.find(kWord); at != std::string::npos; at = left.find(kWord)) {
        left.erase(at, kWord.size());
    }
    return left;
}

bool shareRun(const std::string& one, std::string_view other, std::size_t length)
{
    for (std::size_t at = 0; at + length <= other.size(); ++at) {
        if (one.find(other.substr(at, length)) != std::string::npos) {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<FirmwareVersion> certifiedFirmware(std::uint32_t maker, const std::string& version)
{
    const auto form = std::ranges::find_if(kForms, [&](const VersionForm& known) {
        return known.maker == maker && version.size() == kPrefix.size() + known.digits;
    });
    if (form == kForms.end() || !equalWithoutCase(version.substr(0, kPrefix.size()), kPrefix)) {
        return std::nullopt;
    }
    const auto bytes = fromHex(version.substr(kPrefix.size()));
    if (!bytes) {
        return std::nullopt;
    }
    const auto half = bytes->size() / 2;
    return FirmwareVersion{numberIn(ByteView{*bytes}.first(half)), numberIn(ByteView{*bytes}.subspan(half)), 0, 0};
}

std::string certifiedFirmwareText(const std::string& manufacturer, const std::string& version)
{
    const auto firmware = certifiedFirmware(vendorIdOf(manufacturer).value_or(0), version);
    return firmware ? firmwareText(*firmware) : printableText(version);
}

bool isLaterThanStated(const std::optional<FirmwareVersion>& certified, const std::string& stated)
{
    const auto running = firmwareVersion(stated);
    if (!certified || !running) {
        return false;
    }
    return std::pair{certified->at(0), certified->at(1)} > std::pair{running->at(0), running->at(1)};
}

bool namesOtherModel(const std::string& vendorString, const std::string& model)
{
    constexpr std::size_t kFewest = 3; // "AMD"
    constexpr std::size_t kSharedRun = 4;
    const auto stated = plain(vendorString);
    const auto certified = plain(model);
    const auto shorter = std::min(stated.size(), certified.size());
    return shorter >= kFewest && !shareRun(stated, certified, std::min(shorter, kSharedRun));
}

bool isMakersName(const std::string& vendorString)
{
    constexpr std::array<std::string_view, 2> kNames{"intel", "amd"};
    return std::ranges::find(kNames, plain(vendorString)) != kNames.end();
}

} // namespace enroll::attestation

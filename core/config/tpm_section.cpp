#include "core/config/tpm_section.h"

#include "core/base/nearest_name.h"
#include "core/base/written_text.h"

#include <algorithm>

namespace enroll::config {
namespace {

using attestation::HandleRange;
using enrollment::ProductProfile;

/// True if a TPM can report \p maker: at most four signs, none of them a small letter or a blank.
bool canBeMaker(std::string_view maker)
{
    constexpr std::size_t kMostCharacters = 4;
    const auto isOfAnId = [](char c) { return c > ' ' && c <= '~' && (c < 'a' || c > 'z'); };
    return !maker.empty() && maker.size() <= kMostCharacters && std::ranges::all_of(maker, isOfAnId);
}

std::string noMaker(std::string_view maker)
{
    return "names " + quotedText(maker) + ", which no TPM reports: write 1 to 4 capital letters or digits, such as " +
           "\"IFX\"";
}

/// A maker as it is written, as attestation names it: without the blanks that fill an id up to its four bytes, such as
/// that of "STM ".
Result<std::string> makerOf(const Fields& section, std::string_view key, std::string_view written)
{
    const auto maker = written.substr(0, written.find_last_not_of(' ') + 1);
    return canBeMaker(maker) ? Result<std::string>{std::string{maker}}
                             : Result<std::string>{section.errorAt(key, noMaker(written))};
}

std::string namedTwice(const std::string& maker)
{
    return "names the maker " + quotedText(maker) + " twice: name it once; a blank at its end makes no difference";
}

Result<void> readAllowed(const Fields& section, std::vector<std::string>& allowed)
{
    constexpr std::string_view kKey = "allow_manufacturers";
    std::vector<std::string> written;
    TRY(section.read(kKey, written));
    for (const auto& text : written) {
        TRY_ASSIGN(auto maker, makerOf(section, kKey, text));
        if (std::ranges::find(allowed, maker) != allowed.end()) {
            return section.errorAt(kKey, namedTwice(maker));
        }
        allowed.push_back(std::move(maker));
    }
    return {};
}

/// Reads one maker's oldest firmware. A maker whose TPMs are not taken at all is most likely a typing error.
Result<void> readOldest(const Fields& section, const std::string& key, ProductProfile& profile)
{
    const auto& allowed = profile.policy.allowedManufacturers;
    TRY_ASSIGN(const auto maker, makerOf(section, key, key));
    if (!allowed.empty() && std::ranges::find(allowed, maker) == allowed.end()) {
        const std::vector<std::string_view> words{allowed.begin(), allowed.end()};
        const auto near = nearestName(maker, words);
        return section.errorAt(key, "names a maker that tpm.allow_manufacturers does not list" +
                                        (near.empty() ? std::string{": take it away, or list it"}
                                                      : ". Did you mean \"" + std::string{near} + "\"?"));
    }
    std::string text;
    TRY(section.read(key, text, "write the oldest version that is taken, such as \"7.62\", or leave the key out"));
    const auto version = attestation::firmwareVersion(text);
    if (!version) {
        return section.errorAt(key, "is " + quotedText(text) +
                                        ", which is no firmware version: write one to four numbers up " +
                                        "to 65535 with dots between them, such as \"7.62\"");
    }
    return profile.policy.oldestFirmware.insert({maker, *version}).second
               ? Result<void>{}
               : Result<void>{section.errorAt(key, namedTwice(maker))};
}

Result<void> readHandles(const Fields& section, std::string_view key, const HandleRange& among,
                         std::vector<HandleRange>& target)
{
    std::vector<std::string> texts;
    TRY(section.read(key, texts));
    target.clear();
    for (const auto& text : texts) {
        const auto range = attestation::handleRange(text);
        if (!range) {
            return section.errorAt(key, "names " + quotedText(text) + ", which is no handle: write one, such as \"" +
                                            attestation::handleText(among.first + 2) + "\", or from one to another, " +
                                            "such as \"" + attestation::handleRangeText(among) + "\"");
        }
        if (!range->within(among)) {
            return section.errorAt(
                key, "names " + quotedText(text) + ", which is not among those it is about: they go from " +
                         attestation::handleText(among.first) + " to " + attestation::handleText(among.last));
        }
        target.push_back(*range);
    }
    return {};
}

} // namespace

Result<void> readTpmSection(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("tpm"));
    TRY(section.allowOnly({"allow_manufacturers", "minimum_firmware", "allow_software"}));
    TRY(readAllowed(section, profile.policy.allowedManufacturers));
    TRY_ASSIGN(const auto oldest, section.table("minimum_firmware"));
    for (const auto& [maker, version] : oldest.toml()) {
        TRY(readOldest(oldest, std::string{maker.str()}, profile));
    }
    return section.read("allow_software", profile.policy.allowSoftware);
}

Result<void> readShipStateSection(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("ship_state"));
    TRY(section.allowOnly({"check", "persistent_handles", "owner_indices"}));
    bool check = top.has("ship_state");
    attestation::ShipState state;
    TRY(section.read("check", check));
    TRY(readHandles(section, "persistent_handles", attestation::kPersistentObjects, state.persistentHandles));
    TRY(readHandles(section, "owner_indices", attestation::kOwnerIndices, state.ownerIndices));
    if (check) {
        profile.policy.shipState = std::move(state);
    }
    return {};
}

} // namespace enroll::config

#include "core/config/tpm_section.h"

#include "core/base/nearest_name.h"
#include "core/base/written_text.h"

#include <algorithm>

namespace enroll::config {
namespace {

using attestation::HandleRange;
using enrollment::ProductProfile;

/// True if a TPM can report \p maker: at most four characters, none of them a small letter.
bool canBeMaker(std::string_view maker)
{
    constexpr std::size_t kMostCharacters = 4;
    const auto isSmall = [](char c) { return c >= 'a' && c <= 'z'; };
    return !maker.empty() && maker.size() <= kMostCharacters && std::ranges::none_of(maker, isSmall);
}

std::string noMaker(std::string_view maker)
{
    return "names " + quotedText(maker) + ", which no TPM reports: write 1 to 4 capital letters or digits, such as " +
           "\"IFX\"";
}

/// Reads one maker's oldest firmware. A maker whose TPMs are not taken at all is most likely a typing error.
Result<void> readOldest(const Fields& section, const std::string& maker, ProductProfile& profile)
{
    const auto& allowed = profile.policy.allowedManufacturers;
    if (!canBeMaker(maker)) {
        return section.errorAt(maker, noMaker(maker));
    }
    if (!allowed.empty() && std::ranges::find(allowed, maker) == allowed.end()) {
        const std::vector<std::string_view> words{allowed.begin(), allowed.end()};
        const auto near = nearestName(maker, words);
        return section.errorAt(maker, "names a maker that tpm.allow_manufacturers does not list" +
                                          (near.empty() ? std::string{": take it away, or list it"}
                                                        : ". Did you mean \"" + std::string{near} + "\"?"));
    }
    std::string text;
    TRY(section.read(maker, text, "write the oldest version that is taken, such as \"7.62\", or leave the key out"));
    const auto version = attestation::firmwareVersion(text);
    if (!version) {
        return section.errorAt(maker, "is " + quotedText(text) +
                                          ", which is no firmware version: write one to four numbers up " +
                                          "to 65535 with dots between them, such as \"7.62\"");
    }
    profile.policy.oldestFirmware.insert_or_assign(maker, *version);
    return {};
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
    TRY(section.read("allow_manufacturers", profile.policy.allowedManufacturers));
    for (const auto& maker : profile.policy.allowedManufacturers) {
        if (!canBeMaker(maker)) {
            return section.errorAt("allow_manufacturers", noMaker(maker));
        }
    }
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

#include "core/config/profile_file.h"

#include "core/attestation/device_sdk.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/config/enrollment_section.h"
#include "core/config/findings_section.h"
#include "core/config/profile_words.h"
#include "core/config/tpm_section.h"
#include "core/crypto/digest.h"
#include "core/transport/device_address.h"

#include <algorithm>

namespace enroll::config {
namespace {

using attestation::CertificateRequirement;
using attestation::OnFinding;
using attestation::Persistence;
using enrollment::ProductProfile;

Result<void> readPersistence(const Fields& section, Persistence& target)
{
    bool persist = target == Persistence::PersistIfAbsent;
    TRY(section.read("persist_if_absent", persist));
    target = persist ? Persistence::PersistIfAbsent : Persistence::LeaveAsIs;
    return {};
}

/// Reads endorsement_key.enroll, whose words are those of the EK catalog. Keys of the catalog that this program cannot
/// attest (SM2 with SM4) are refused with a message of their own.
Result<void> readEnrolledKey(const Fields& section, attestation::EkChoice& target)
{
    std::string word;
    TRY(section.readWord("enroll", word));
    std::vector<Choice<attestation::EkChoice>> choices;
    for (const auto& known : attestation::ekChoiceWords()) {
        choices.push_back({known.word, known.choice});
    }
    for (const auto& row : attestation::ekCatalog()) {
        if (*row.word == word && !canBeAttested(row)) {
            return section.errorAt("enroll", "is " + quotedText(word) +
                                                 ", a key that this program cannot attest: it makes " +
                                                 "challenges with AES, not with SM4. Choose a key of another kind");
        }
    }
    return section.readChoice("enroll", target, std::span<const Choice<attestation::EkChoice>>{choices});
}

/// Reads endorsement_key.device_sdk, whose words are those by which the EK lens says who accepts a chip.
Result<void> readDeviceSdk(const Fields& section, std::string& target)
{
    std::vector<Choice<std::string>> choices;
    for (const auto& sdk : attestation::deviceSdks()) {
        choices.push_back({sdk.who, std::string{sdk.who}});
    }
    return section.readChoice("device_sdk", target, std::span<const Choice<std::string>>{choices});
}

Result<void> readKeys(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto endorsement, top.table("endorsement_key"));
    TRY(endorsement.allowOnly({"enroll", "device_sdk", "persist_if_absent"}));
    TRY(readEnrolledKey(endorsement, profile.policy.endorsementKey));
    TRY(readDeviceSdk(endorsement, profile.policy.deviceSdk));
    TRY(readPersistence(endorsement, profile.policy.persistAfterPass.endorsementKey));

    TRY_ASSIGN(const auto storage, top.table("storage_root_key"));
    TRY(storage.allowOnly({"persist_if_absent"}));
    return readPersistence(storage, profile.policy.persistAfterPass.storageRootKey);
}

/// Refuses require = "trusted" together with an on_missing that lets a device pass. With both, a forged device would
/// only have to leave its NV index blank, while one with a certificate of an unknown issuer is held.
Result<void> requireNoWayAround(const Fields& section, const attestation::AttestationPolicy& policy)
{
    const bool passes =
        policy.onMissingCertificate == OnFinding::Accept || policy.onMissingCertificate == OnFinding::Warning;
    if (policy.certificate == CertificateRequirement::Trusted && passes) {
        return section.errorAt("on_missing", "lets a device without a certificate pass, and a trusted one is required: "
                                             "write on_missing = \"hold\" or \"fail\", or require = \"present\"");
    }
    return {};
}

/// Refuses require = "none" together with an on_missing that stops a device; where on_missing is left out, none stops it.
Result<void> requireNothingMissing(const Fields& section, attestation::AttestationPolicy& policy)
{
    if (policy.certificate != CertificateRequirement::None) {
        return {};
    }
    if (!section.has("on_missing")) {
        policy.onMissingCertificate = OnFinding::Accept;
    }
    const bool stops = policy.onMissingCertificate == OnFinding::Hold || policy.onMissingCertificate == OnFinding::Fail;
    return stops ? Result<void>{section.errorAt("on_missing",
                                                "stops a device without a certificate, and certificate.require is "
                                                "\"none\": write on_missing = \"accept\" or \"warning\", or require "
                                                "= \"present\"")}
                 : Result<void>{};
}

Result<void> readCertificate(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("certificate"));
    TRY(section.allowOnly({"require", "anchors", "on_missing", "on_expired"}));
    TRY(section.readChoice("require", profile.policy.certificate, all(kRequirements)));
    TRY(section.read("anchors", profile.trustSets));
    TRY(section.readChoice("on_missing", profile.policy.onMissingCertificate, all(kOnFindings)));
    TRY(section.readChoice("on_expired", profile.policy.onExpiredCertificate, all(kOnFindings)));
    TRY(requireNothingMissing(section, profile.policy));
    return requireNoWayAround(section, profile.policy);
}

/// Refuses sets without which no device could pass, or with which the wrong ones could: authorities of demonstrations,
/// whose keys lie on a disk, must not vouch for hardware.
Result<void> requireUsableSets(const Fields& top, const ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("certificate"));
    if (profile.trustSets.empty() && profile.policy.certificate == CertificateRequirement::Trusted) {
        return section.errorAt("anchors", "names no trust set, so no device could pass: name one, or leave the key out "
                                          "to trust the set \"makers\"");
    }
    for (const auto& name : profile.trustSets) {
        if (const auto usable = crypto::requireTrustSetName(name); !usable.ok()) {
            return section.errorAt("anchors", "names a set that cannot exist: " + usable.error().what);
        }
        if (name == crypto::kDemoSet && !profile.policy.allowSoftware) {
            return section.errorAt("anchors",
                                   "names \"demo\", the authorities of software TPMs, and tpm.allow_software is "
                                   "false: take \"demo\" away, or make this a profile for demonstrations");
        }
    }
    return {};
}

Result<void> readAttestation(const Fields& top)
{
    TRY_ASSIGN(const auto section, top.table("attestation"));
    TRY(section.allowOnly({"activation"}, {"quote_pcrs", "golden_pcrs", "clear_persistence_test"}));
    bool activation = true;
    TRY(section.read("activation", activation));
    if (!activation) {
        return section.errorAt("activation", "cannot be false: without it nothing proves that the TPM holds the key");
    }
    return {};
}

Result<void> readSeconds(const Fields& section, std::string_view key, std::chrono::seconds& target)
{
    constexpr int kLongestTimeout = 600;
    auto seconds = static_cast<int>(target.count());
    TRY(section.read(key, seconds, 1, kLongestTimeout));
    target = std::chrono::seconds{seconds};
    return {};
}

/// Refuses a time for one command that is longer than that for all of them: it would never be reached.
Result<void> readTimeouts(const Fields& section, ProductProfile& profile)
{
    TRY_ASSIGN(const auto timeouts, section.table("timeout_s"));
    TRY(timeouts.allowOnly({"default", "create_primary", "run"}));
    TRY(readSeconds(timeouts, "default", profile.commandTimeout));
    TRY(readSeconds(timeouts, "create_primary", profile.createPrimaryTimeout));
    TRY(readSeconds(timeouts, "run", profile.runTimeout));
    if (!timeouts.has("default")) {
        profile.commandTimeout = std::min(profile.commandTimeout, profile.runTimeout);
    }
    return profile.commandTimeout <= profile.runTimeout
               ? Result<void>{}
               : Result<void>{timeouts.errorAt("default", "is " + std::to_string(profile.commandTimeout.count()) +
                                                              ", for one command, and run, for all of them, is " +
                                                              std::to_string(profile.runTimeout.count()) +
                                                              ": write no more here than there")};
}

Result<void> readTransport(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("transport"));
    TRY(section.allowOnly({"allow", "timeout_s"}));
    TRY(section.read("allow", profile.allowedTransports));
    if (section.has("allow") && profile.allowedTransports.empty()) {
        return section.errorAt("allow", "names no transport, so no device could be tested: name one, or leave the key "
                                        "out to allow every one");
    }
    const auto known = transport::transportWords();
    for (const auto& word : profile.allowedTransports) {
        if (std::ranges::find(known, word) == known.end()) {
            return section.badChoice("allow", word, known);
        }
    }
    return readTimeouts(section, profile);
}

Result<void> readDuplicates(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto duplicates, top.table("duplicates"));
    TRY(duplicates.allowOnly(
        {"same_ek_other_serial", "same_serial_other_ek", "same_tpm_other_serial", "same_device_other_settings"},
        {"when_plant_unreachable"}));
    TRY(duplicates.readChoice("same_ek_other_serial", profile.sameEkOtherSerial, all(kDuplicateRules)));
    TRY(duplicates.readChoice("same_serial_other_ek", profile.sameSerialOtherEk, all(kDuplicateRules)));
    TRY(duplicates.readChoice("same_tpm_other_serial", profile.sameTpmOtherSerial, all(kRetestRules)));
    return duplicates.readChoice("same_device_other_settings", profile.sameDeviceOtherSettings, all(kRetestRules));
}

Result<void> readSelfCheck(const Fields& top, ProductProfile& profile)
{
    constexpr int kWeek = 168;
    TRY_ASSIGN(const auto section, top.table("self_check"));
    TRY(section.allowOnly({"max_age_hours"}));
    int hours = 0;
    TRY(section.read("max_age_hours", hours, 1, kWeek));
    if (section.has("max_age_hours")) {
        profile.selfCheckMaxAge = std::chrono::hours{hours};
    }
    return {};
}

Result<void> readSerialPattern(const Fields& top, ProductProfile& profile)
{
    std::string text;
    TRY(top.read("serial_pattern", text,
                 "write a regular expression, such as \"^GX-[0-9]{6}$\", or leave the key out to take every serial "
                 "number"));
    auto pattern = enrollment::SerialPattern::compile(std::move(text));
    if (!pattern.ok()) {
        return top.errorAt("serial_pattern", pattern.error().what);
    }
    profile.serialPattern = std::move(pattern).value();
    return {};
}

Result<void> readHead(const Fields& top, ProductProfile& profile)
{
    TRY(requireSchemaOne(top)); // first: another schema has other keys
    TRY(top.allowOnly({"schema", "name", "version", "serial_pattern", "endorsement_key", "storage_root_key",
                       "certificate", "findings", "tpm", "ship_state", "attestation", "transport", "enrollment",
                       "duplicates", "self_check"}));
    TRY(top.read("name", profile.stamp.name, "write the product's name: records say which profile judged a device"));
    TRY(top.read("version", profile.stamp.version,
                 "write a version, such as \"1\": records say which profile judged a device"));
    TRY(readSerialPattern(top, profile));
    if (profile.stamp.name.empty() || profile.stamp.version.empty()) {
        const auto* key = profile.stamp.name.empty() ? "name" : "version";
        return top.errorAt(key, "is missing: records say which profile judged a device");
    }
    return {};
}

} // namespace

Result<ProductProfile> parseProfile(std::string_view text, const std::string& origin)
{
    TRY_ASSIGN(const auto document, parseToml(text, origin));
    const Fields top{document, "", origin};
    ProductProfile profile;
    TRY(readHead(top, profile));
    TRY(readKeys(top, profile));
    TRY(readCertificate(top, profile));
    TRY(readTpmSection(top, profile));
    TRY(readShipStateSection(top, profile));
    TRY(readFindingsSection(top, profile)); // after the sections that it must not contradict
    TRY(requireUsableSets(top, profile));
    TRY(readAttestation(top));
    TRY(readTransport(top, profile));
    TRY(readEnrollmentSection(top, profile));
    TRY(readDuplicates(top, profile));
    TRY(readSelfCheck(top, profile));
    TRY_ASSIGN(const auto digest, crypto::sha256({asBytes(text)}));
    profile.stamp.sha256 = toHex(digest);
    return profile;
}

Result<ProductProfile> loadProfile(const std::filesystem::path& fileOrName,
                                   const std::filesystem::path& shippedDirectory)
{
    const auto given = fileOrName.string();
    const bool isName = given.find('/') == std::string::npos && !given.ends_with(".toml");
    const auto file = isName ? shippedDirectory / (given + ".profile.toml") : fileOrName;
    std::error_code failure;
    if (isName && !std::filesystem::exists(file, failure)) {
        return makeError(StationCode::ConfigurationInvalid,
                         "no shipped profile is named " + quotedText(given) + " in " + shippedDirectory.string() +
                             (failure ? " (" + failure.message() + ")" : "") +
                             "; shipped are demo and production: name one of them, or the path of a *.profile.toml");
    }
    TRY_ASSIGN(const auto text, readTextFile(file.string()));
    return parseProfile(text, file.string());
}

} // namespace enroll::config

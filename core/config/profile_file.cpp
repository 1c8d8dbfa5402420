#include "core/config/profile_file.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/config/enrollment_section.h"
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

/// Transports of the product's interfaces that nothing builds yet.
constexpr std::array<std::string_view, 3> kLaterTransports{"tls", "serial", "ssh"};

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

Result<void> readKeys(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto endorsement, top.table("endorsement_key"));
    TRY(endorsement.allowOnly({"enroll", "persist_if_absent"}));
    TRY(readEnrolledKey(endorsement, profile.policy.endorsementKey));
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

Result<void> readCertificate(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("certificate"));
    TRY(section.allowOnly({"require", "anchors", "on_missing", "on_expired"}));
    TRY(section.readChoice("require", profile.policy.certificate, all(kRequirements)));
    TRY(section.read("anchors", profile.trustSets));
    TRY(section.readChoice("on_missing", profile.policy.onMissingCertificate, all(kOnFindings)));
    TRY(section.readChoice("on_expired", profile.policy.onExpiredCertificate, all(kOnFindings)));
    return requireNoWayAround(section, profile.policy);
}

/// The findings that say that nobody trusted vouches for a key, or that what it vouches for is no endorsement key, or
/// another maker's.
constexpr std::array<std::string_view, 10> kUntrusted{"ek-certificate-missing",      "ek-certificate-malformed",
                                                      "ek-certificate-wrong-key",    "ek-certificate-unknown-issuer",
                                                      "ek-certificate-path-invalid", "ek-certificate-revoked",
                                                      "ek-certificate-bare",         "ek-certificate-usage",
                                                      "ek-certificate-authority",    "ek-certificate-manufacturer"};

/// The findings without which a list of makers refuses nobody.
constexpr std::array<std::string_view, 2> kUnlisted{"manufacturer-not-allowed", "ek-certificate-no-maker"};

/// The findings without which nothing is looked at for the ship state.
constexpr std::array<std::string_view, 2> kNotAsShipped{"tpm-foreign-object", "tpm-foreign-index"};

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& ids, std::string_view id)
{
    return std::ranges::find(ids, id) != ids.end();
}

/// Refuses a severity that lets pass what another key of the profile refuses: which of the two was meant?
Result<void> requireNoContradiction(const Fields& section, std::string_view id, attestation::Severity severity,
                                    const attestation::AttestationPolicy& policy)
{
    if (severity >= attestation::Severity::Hold) {
        return {};
    }
    if (id == "software-tpm" && !policy.allowSoftware) {
        return section.errorAt(id,
                               "lets software TPMs pass, and tpm.allow_software is false: write \"hold\" or \"fail\", "
                               "or set allow_software");
    }
    if (isOneOf(kUnlisted, id) && !policy.allowedManufacturers.empty()) {
        return section.errorAt(id, "lets other makers pass than tpm.allow_manufacturers lists: write \"hold\" or "
                                   "\"fail\", or leave allow_manufacturers out");
    }
    const bool silent = severity == attestation::Severity::Info;
    if (id == "tpm-firmware-old" && !policy.oldestFirmware.empty() && silent) {
        return section.errorAt(id, "lets older firmware pass than tpm.minimum_firmware wants: write \"warning\", "
                                   "\"hold\" or \"fail\", or leave minimum_firmware out");
    }
    if (isOneOf(kNotAsShipped, id) && policy.shipState && silent) {
        return section.errorAt(id, "lets a TPM pass that is not as it ships, and [ship_state] looks for that: write "
                                   "\"warning\", \"hold\" or \"fail\", or leave [ship_state] out");
    }
    if (isOneOf(kUntrusted, id) && policy.certificate == CertificateRequirement::Trusted) {
        return section.errorAt(
            id, "lets a key pass that nobody trusted vouches for, and certificate.require is \"trusted\": "
                "write \"hold\" or \"fail\", or require = \"present\"");
    }
    return {};
}

/// Findings that are not the attestation's: each has a key of its own.
Result<void> refuseDuplicates(const Fields& section)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kElsewhere{
        {{"ek-enrolled-elsewhere", "duplicates.same_ek_other_serial"},
         {"serial-has-other-ek", "duplicates.same_serial_other_ek"}}};
    for (const auto& [id, key] : kElsewhere) {
        if (section.has(id)) {
            return section.errorAt(id, "has a key of its own: write it as " + std::string{key});
        }
    }
    return {};
}

/// After the certificate and the tpm section, which the severities must not contradict.
Result<void> readFindings(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto section, top.table("findings"));
    TRY(refuseDuplicates(section));
    std::vector<std::string_view> ids;
    for (const auto& row : attestation::findingCatalog()) {
        ids.push_back(row.id);
    }
    TRY(section.allowOnly(ids));
    for (const auto id : ids) {
        if (!section.has(id)) {
            continue;
        }
        auto severity = attestation::Severity::Hold;
        TRY(section.readChoice(id, severity, all(kSeverities)));
        TRY(requireNoContradiction(section, id, severity, profile.policy));
        profile.policy.severities.insert_or_assign(std::string{id}, severity);
    }
    return {};
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

Result<void> readTransport(const Fields& top, ProductProfile& profile)
{
    constexpr int kLongestTimeout = 600;
    TRY_ASSIGN(const auto section, top.table("transport"));
    TRY(section.allowOnly({"allow", "timeout_s"}));
    TRY(section.read("allow", profile.allowedTransports));
    if (section.has("allow") && profile.allowedTransports.empty()) {
        return section.errorAt("allow", "names no transport, so no device could be tested: name one, or leave the key "
                                        "out to allow every one");
    }
    const auto known = transport::transportWords();
    for (const auto& word : profile.allowedTransports) {
        if (std::ranges::find(kLaterTransports, word) != kLaterTransports.end()) {
            return section.errorAt("allow", "names " + quotedText(word) + ", which " + std::string{kNotSupported});
        }
        if (std::ranges::find(known, word) == known.end()) {
            return section.badChoice("allow", word, known);
        }
    }
    TRY_ASSIGN(const auto timeouts, section.table("timeout_s"));
    TRY(timeouts.allowOnly({"default", "create_primary", "run"}));
    auto command = static_cast<int>(profile.commandTimeout.count());
    auto create = static_cast<int>(profile.createPrimaryTimeout.count());
    TRY(timeouts.read("default", command, 1, kLongestTimeout));
    TRY(timeouts.read("create_primary", create, 1, kLongestTimeout));
    profile.commandTimeout = std::chrono::seconds{command};
    profile.createPrimaryTimeout = std::chrono::seconds{create};
    auto run = static_cast<int>(profile.runTimeout.count());
    TRY(timeouts.read("run", run, 1, kLongestTimeout));
    profile.runTimeout = std::chrono::seconds{run};
    return {};
}

Result<void> readDuplicates(const Fields& top, ProductProfile& profile)
{
    TRY_ASSIGN(const auto duplicates, top.table("duplicates"));
    TRY(duplicates.allowOnly({"same_ek_other_serial", "same_serial_other_ek"}, {"when_plant_unreachable"}));
    TRY(duplicates.readChoice("same_ek_other_serial", profile.sameEkOtherSerial, all(kDuplicateRules)));
    return duplicates.readChoice("same_serial_other_ek", profile.sameSerialOtherEk, all(kDuplicateRules));
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
                       "duplicates"}));
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
    TRY(readFindings(top, profile));
    TRY(requireUsableSets(top, profile));
    TRY(readAttestation(top));
    TRY(readTransport(top, profile));
    TRY(readEnrollmentSection(top, profile));
    TRY(readDuplicates(top, profile));
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

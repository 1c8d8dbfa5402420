#include "core/attestation/maker_findings.h"

#include "core/attestation/certified_chip.h"
#include "core/attestation/certified_maker.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

/// "IFX (id:49465800)". The identifier alone where it is no text: some authorities of software TPMs write a number.
std::string makerName(std::uint32_t id)
{
    const auto number = "id:" + toHex(ByteWriter{}.u32(id).view());
    const auto name = manufacturerText(id);
    const auto isText = [](char letter) { return letter > ' ' && letter <= '~'; };
    return !name.empty() && std::ranges::all_of(name, isText) ? name + " (" + number + ")" : number;
}

Finding softwareTpm(const AttestationPolicy& policy, std::string text)
{
    return makeFinding(policy, "software-tpm", std::move(text));
}

bool listed(const std::vector<std::string>& makers, const std::string& maker) noexcept
{
    return makers.empty() || std::ranges::find(makers, maker) != makers.end();
}

void addDifference(std::vector<Finding>& found, std::uint32_t certified, std::uint32_t stated,
                   const AttestationPolicy& policy)
{
    if (certified == stated) {
        return;
    }
    found.push_back(
        makeFinding(policy, "ek-certificate-manufacturer",
                    "The certificate names " + makerName(certified) + " as maker, the TPM " + makerName(stated) + "."));
}

void addOldFirmware(std::vector<Finding>& found, const TpmIdentity& identity, const AttestationPolicy& policy)
{
    const auto oldest = policy.oldestFirmware.find(identity.manufacturer);
    if (oldest == policy.oldestFirmware.end() || firmwareVersion(identity.firmware) >= oldest->second) {
        return;
    }
    found.push_back(makeFinding(policy, "tpm-firmware-old",
                                "The TPM's firmware is " + identity.firmware + ", the profile wants " +
                                    firmwareText(oldest->second) + " or later of " + identity.manufacturer + "."));
}

/// What the policy says of the maker or makers that the certificate names.
void addMaker(std::vector<Finding>& found, const crypto::Certificate& certificate,
              const std::optional<TpmIdentity>& stated, const AttestationPolicy& policy)
{
    if (namesSeveralManufacturers(certificate)) {
        found.push_back(makeFinding(policy, "ek-certificate-manufacturer",
                                    "The certificate names more than one maker: nobody knows whose TPM it is of."));
        if (!policy.allowedManufacturers.empty()) {
            found.push_back(makeFinding(policy, "manufacturer-not-allowed",
                                        "The profile lists makers, and the certificate does not "
                                        "name one alone."));
        }
        return;
    }
    const auto maker = certifiedManufacturer(certificate);
    if (!maker) {
        found.push_back(
            makeFinding(policy, "ek-certificate-no-maker",
                        "The certificate names no maker by a TCG vendor id in its subject alternative name. "
                        "Ask the maker, or set ek-certificate-no-maker in the profile."));
        return;
    }
    if (stated) {
        addDifference(found, *maker, stated->manufacturerId, policy);
    }
    if (!listed(policy.allowedManufacturers, manufacturerText(*maker))) {
        found.push_back(
            makeFinding(policy, "manufacturer-not-allowed",
                        "The profile does not list the maker that the certificate names: " + makerName(*maker) + "."));
    }
}

/// Compares model and firmware. Only the firmware of one maker is: another one counts in another way.
void addChip(std::vector<Finding>& found, const crypto::Certificate& certificate, const TpmIdentity& stated,
             const AttestationPolicy& policy)
{
    const auto certified = certificate.tpmDeviceAttributes().value_or(crypto::TpmDeviceAttributes{});
    const bool isOfOneMaker = certifiedManufacturer(certificate) == stated.manufacturerId;
    if (namesOtherModel(stated.vendorString, certified.model) && !(isOfOneMaker && isMakersName(stated.vendorString))) {
        found.push_back(makeFinding(policy, "ek-certificate-model",
                                    "The certificate names '" + certified.model + "' as model, the TPM '" +
                                        stated.vendorString + "'."));
    }
    const auto firmware = certifiedFirmware(stated.manufacturerId, certified.version);
    if (isOfOneMaker && isLaterThanStated(firmware, stated.firmware)) {
        found.push_back(makeFinding(policy, "ek-certificate-firmware",
                                    "The certificate says that the TPM was made with firmware " +
                                        firmwareText(*firmware) + ", and the TPM's is " + stated.firmware +
                                        ": an older one was put in, or it is another chip."));
    }
}

} // namespace

std::vector<Finding> identityFindings(const TpmIdentity& identity, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    if (identity.software) {
        found.push_back(softwareTpm(policy, "This is a software TPM: nothing protects its keys."));
    }
    if (!listed(policy.allowedManufacturers, identity.manufacturer)) {
        found.push_back(makeFinding(policy, "manufacturer-not-allowed",
                                    "The profile does not list the maker '" + identity.manufacturer + "'."));
    }
    addOldFirmware(found, identity, policy);
    return found;
}

std::vector<Finding> certifiedMakerFindings(const crypto::Certificate& certificate,
                                            const std::optional<TpmIdentity>& stated, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    const bool known = stated && stated->software; // the TPM says so itself
    if (!known && certifiesSoftwareTpm(certificate)) {
        found.push_back(
            softwareTpm(policy, "The EK certificate was issued for a software TPM: nothing protects its keys."));
    }
    // swtpm's certificates name another maker than libtpms does. Where software TPMs are allowed, that pair is no
    // finding.
    const auto maker = certifiedManufacturer(certificate);
    if (policy.allowSoftware && stated && maker && isSwtpmPair(*maker, stated->manufacturerId)) {
        return found;
    }
    addMaker(found, certificate, stated, policy);
    if (stated) {
        addChip(found, certificate, *stated, policy);
    }
    return found;
}

} // namespace enroll::attestation

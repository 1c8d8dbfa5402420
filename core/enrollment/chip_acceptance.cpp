#include "core/enrollment/chip_acceptance.h"

#include "core/attestation/device_sdk.h"
#include "core/attestation/ek_template_phrase.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

using attestation::DeviceSdk;
using attestation::EkTemplate;
using attestation::kDeviceSdkHandle;

const LensKey* keyAtSdkHandle(const EkLens& lens)
{
    const auto found = std::ranges::find_if(lens.keys, [](const LensKey& key) {
        return key.evidence.source.knownOr({}).persistentHandle == kDeviceSdkHandle;
    });
    return found == lens.keys.end() ? nullptr : &*found;
}

const LensKey* keyOf(const EkLens& lens, EkTemplate kind)
{
    const auto found = std::ranges::find_if(lens.keys, [kind](const LensKey& key) {
        return key.evidence.templateKind.knownOr(EkTemplate::Unknown) == kind;
    });
    return found == lens.keys.end() ? nullptr : &*found;
}

/// Why the service cannot enroll a key, whoever shows it; nothing if it can.
std::optional<Acceptor> serviceRefusal(const EkLens& lens, std::string_view who)
{
    const auto* enrolled = lens.enrolled();
    if (enrolled == nullptr) {
        return Acceptor{who, Acceptance::No, "The TPM has no key to enroll: " + lens.enrolledFault + "."};
    }
    if (!enrolled->keyFault.empty()) {
        return Acceptor{who, Acceptance::No,
                        "The service makes no challenge for this key: " + enrolled->keyFault + "."};
    }
    if (const auto& state = lens.state; state.storageHierarchyOff || state.endorsementHierarchyOff) {
        return Acceptor{who, Acceptance::No, "A hierarchy of the TPM is switched off, and a device needs both."};
    }
    return std::nullopt;
}

/// What stands against a client whatever key it shows.
std::optional<Acceptor> clientRefusal(const DeviceSdk& client, const EkLens& lens, const ProductProfile& profile)
{
    const auto& state = lens.state;
    if ((state.ownerPassword || state.endorsementPassword) && !client.takesPasswords) {
        return Acceptor{client.who, Acceptance::No,
                        std::string{client.name} + " needs empty passwords, and one is set for " +
                            attestation::passwordHolders(state) + "."};
    }
    if (client.who == "iot-edge" && !profile.enrollment.settings.iotEdge.value_or(false)) {
        return Acceptor{client.who, Acceptance::No,
                        "The profile does not set enrollment.iot_edge, which IoT Edge needs."};
    }
    return std::nullopt;
}

std::string placeOf(const LensKey& key)
{
    return ekSourceText(key.evidence.source) + ", " +
           attestation::ekTemplatePhrase(key.evidence.templateKind, key.evidence.publicArea);
}

/// The verdict of the key that the client shows. \p key is null where the lens did not find it.
Acceptor byShownKey(const DeviceSdk& client, const LensKey* key, const EkLens& lens)
{
    const std::string name{client.name};
    if (!client.makes && key == nullptr) {
        return {client.who, Acceptance::No,
                name + " makes a key of its own in the owner hierarchy, because 0x81010001 is free: make the enrolled "
                       "one persistent there."};
    }
    if (key == nullptr) {
        return {client.who, Acceptance::Unknown, name + " makes a key that this TPM did not show."};
    }
    const auto& enrolled = *lens.enrolled();
    if (key->evidence.publicArea != enrolled.evidence.publicArea) {
        return {client.who, Acceptance::No,
                name + " shows another key (" + placeOf(*key) + ", " + key->registrationId.text() +
                    ") than the profile enrolls: make the enrolled one persistent at 0x81010001."};
    }
    if (enrolled.evidence.algorithm != "rsa2048") {
        return {client.who, Acceptance::Unknown,
                name + " shows the enrolled key, but nobody has said that the service takes " +
                    enrolled.evidence.algorithm + "."};
    }
    return {client.who, Acceptance::Yes, name + " shows the enrolled key (" + placeOf(*key) + ")."};
}

Acceptor acceptorOf(const DeviceSdk& client, const EkLens& lens, const ProductProfile& profile)
{
    if (auto refusal = serviceRefusal(lens, client.who)) {
        return std::move(*refusal);
    }
    if (auto refusal = clientRefusal(client, lens, profile)) {
        return std::move(*refusal);
    }
    const auto* held = keyAtSdkHandle(lens);
    if (held == nullptr && client.makes) {
        held = keyOf(lens, *client.makes);
    }
    return byShownKey(client, held, lens);
}

/// The answer of a service that asks for an EK certificate: it accepts a chip that has a trusted one for a key of its own.
Acceptor byCertificate(const EkLens& lens)
{
    constexpr std::string_view kWho = "ek-certificate";
    const auto found = std::ranges::find_if(lens.keys, [](const LensKey& key) { return isCertified(key.evidence); });
    if (found == lens.keys.end()) {
        return {kWho, Acceptance::No, "No trusted certificate is for a key of this TPM."};
    }
    const bool enrolled = &*found == lens.enrolled();
    return {kWho, Acceptance::Yes,
            "A trusted certificate is for " + (enrolled
                                                   ? std::string{"the enrolled key."}
                                                   : "another key than the enrolled one: " + placeOf(*found) + ".")};
}

} // namespace

std::string_view acceptanceText(Acceptance acceptance) noexcept
{
    switch (acceptance) {
    case Acceptance::Yes:
        return "yes";
    case Acceptance::No:
        return "no";
    case Acceptance::Unknown:
        return "unknown";
    }
    return "unknown";
}

std::vector<Acceptor> acceptorsOf(const EkLens& lens, const ProductProfile& profile)
{
    std::vector<Acceptor> acceptors;
    for (const auto& client : attestation::deviceSdks()) {
        acceptors.push_back(acceptorOf(client, lens, profile));
    }
    acceptors.push_back(byCertificate(lens));
    return acceptors;
}

} // namespace enroll::enrollment

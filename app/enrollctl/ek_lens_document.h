#pragma once

#include "core/enrollment/chip_acceptance.h"

#include <QJsonObject>

namespace enroll::app::enrollctl {

/// `{schema, device, profile, tpm, public, registrationId, enrolled, enrolledFault, endorsementKeys, acceptedBy}`.
///
/// `public` and `registrationId` belong to the key that the profile enrolls; `enrolled` is its index in
/// `endorsementKeys`. All three are null where the TPM has no such key; `enrolledFault` says why.
/// Each endorsement key has the members that it has in the run document, and `handle`,
/// `registrationId`, `certificateIndex`, `certificateFault`, `certificatePath` (names), `fault`, `weaknesses` (`{weakness,
/// detail}`) and `findings` besides. `acceptedBy` lists `{who, answer, why}`.
QJsonObject ekLensDocument(const enrollment::EkLens& lens, const std::string& device,
                           const enrollment::ProductProfile& profile);

/// What ekLensDocument() says, as text for people.
std::string ekLensText(const enrollment::EkLens& lens, const enrollment::ProductProfile& profile);

} // namespace enroll::app::enrollctl

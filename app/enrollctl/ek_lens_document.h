#pragma once

#include "app/enrollctl/ek_lens.h"

#include <QJsonObject>

namespace enroll::app::enrollctl {

/// `{schema, device, profile, tpm, public, registrationId, enrolled, endorsementKeys}`.
///
/// `public` and `registrationId` belong to the key that the profile enrolls; `enrolled` is its index in
/// `endorsementKeys`. Each endorsement key has the members that it has in the run document, and `handle`,
/// `registrationId`, `certificateIndex` and `certificateFault` besides.
QJsonObject ekLensDocument(const EkLens& lens, const std::string& device, const enrollment::ProfileStamp& profile);

/// The same as text, for people.
std::string ekLensText(const EkLens& lens);

} // namespace enroll::app::enrollctl

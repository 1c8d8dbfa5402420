#pragma once

#include "app/enrollctl/ek_lens.h"

#include <QJsonObject>

namespace enroll::app::enrollctl {

/// `{schema, device, profile, tpm, public, registrationId, enrolled, endorsementKeys}`. `public` and `registrationId`
/// are of the key that the profile enrolls, `enrolled` is its index in `endorsementKeys`; each of these has the shape
/// it has in the run document, and `handle`, `registrationId`, `certificateIndex` and `certificateFault` on top.
QJsonObject ekLensDocument(const EkLens& lens, const std::string& device, const enrollment::ProfileStamp& profile);

/// The same for people.
std::string ekLensText(const EkLens& lens);

} // namespace enroll::app::enrollctl

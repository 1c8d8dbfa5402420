#pragma once

#include "core/attestation/device_tpm.h"

#include <memory>
#include <string_view>

namespace enroll::app::self_check {

/// A device whose verdict is known beforehand.
enum class Specimen {
    Good,          ///< its certificate is of the authority that is trusted
    UnknownIssuer, ///< a good TPM of an authority that nobody trusts
    WrongAnswer,   ///< as Good, but it does not hold the private key of what it shows
};
inline constexpr std::array kAllSpecimens{Specimen::Good, Specimen::UnknownIssuer, Specimen::WrongAnswer};

/// "good", "unknown issuer", "wrong answer".
std::string_view specimenText(Specimen specimen) noexcept;

/// \p tpm, but for one bit of each signature: a device that cannot have opened the challenge.
std::unique_ptr<attestation::DeviceTpm> withWrongAnswer(std::unique_ptr<attestation::DeviceTpm> tpm);

} // namespace enroll::app::self_check

#pragma once

#include "core/enrollment/attestation_run.h"

namespace enroll::test {

/// Realistic runs and records of imaginary devices: one number, one device. The same number always gives the same
/// endorsement key (a well-formed TPM2B_PUBLIC after the TCG L-1 template) and the same serial number.
class DeviceFigure {
public:
    explicit DeviceFigure(int number) : m_number(number) {}

    [[nodiscard]] enrollment::SerialNumber serial() const;
    [[nodiscard]] Bytes endorsementKey() const;
    [[nodiscard]] Bytes endorsementKeyDigest() const;
    [[nodiscard]] enrollment::RegistrationId registrationId() const;

    /// Every member filled; a fresh run id at each call.
    [[nodiscard]] enrollment::AttestationRun passingRun() const;
    /// A run that ended as \p outcome with \p code, with the evidence it had until then.
    [[nodiscard]] enrollment::AttestationRun runEndedAs(Outcome outcome, ErrorCode code) const;
    /// The record that \p run proves.
    [[nodiscard]] enrollment::EnrollmentRecord recordOf(const enrollment::AttestationRun& run) const;

private:
    int m_number;
};

/// A run that learned nothing: every optional member absent, every text and list empty.
enrollment::AttestationRun emptyRun();

} // namespace enroll::test

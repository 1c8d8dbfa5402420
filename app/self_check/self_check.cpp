#include "app/self_check/self_check.h"

#include "app/software_tpm/software_tpm.h"
#include "app/wiring/device.h"
#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "core/crypto/certificate.h"
#include "core/enrollment/enroll_device.h"
#include "core/system/file_lock.h"
#include "core/system/whole_file.h"
#include "db/self_check/self_check_file.h"

namespace enroll::app::self_check {
namespace {

namespace fs = std::filesystem;
using enrollment::AttestationRun;
using enrollment::EnrollmentOrder;
using enrollment::ProductProfile;
using software_tpm::SoftwareTpm;

ProductProfile forSoftwareTpms(ProductProfile profile)
{
    profile.allowedTransports.clear();
    auto& policy = profile.policy;
    policy.allowSoftware = true;
    policy.allowedManufacturers.clear();
    policy.oldestFirmware.clear();
    policy.shipState.reset();
    policy.endorsementKey = {};
    policy.persistAfterPass = {};
    for (const auto* ofSoftware : {"software-tpm", "tpm-seed-not-makers"}) {
        policy.severities.insert_or_assign(ofSoftware, attestation::Severity::Info);
    }
    return profile;
}

Result<crypto::TrustStore> authoritiesOf(const SoftwareTpm& tpm)
{
    constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
    crypto::TrustStore store;
    for (const auto& file : tpm.caCertificates()) {
        TRY_ASSIGN(const auto text, system::readWholeFile(file, kMostBytes));
        TRY_ASSIGN(const auto certificates, crypto::certificatesFromFile(text));
        for (const auto& certificate : certificates) {
            TRY_ASSIGN([[maybe_unused]] const bool isNew, store.add(certificate));
        }
    }
    return store;
}

/// A TPM of an authority of its own, so that either may be trusted without the other.
Result<SoftwareTpm> start(const fs::path& directory, const char* name)
{
    return SoftwareTpm::start(
        {.directory = directory / name / "tpm", .authorityDirectory = directory / name / "authority"});
}

/// One program at a time has the software TPMs.
Result<system::FileLock> lockOf(const fs::path& directory)
{
    constexpr std::chrono::seconds kOtherEnds{60};
    std::error_code failure;
    fs::create_directories(directory, failure);
    if (failure) {
        return makeError(StationCode::FileUnusable, directory.string() + ": " + failure.message(), "check the station");
    }
    return prefixed("another program checks the station: ",
                    system::FileLock::acquire(directory / "check.lock", Deadline::in(kOtherEnds)));
}

/// True for a run that passed, and nothing else, where the device is good; refused for the reason that is planted where it is not.
bool isAsExpected(Specimen specimen, const AttestationRun& run)
{
    switch (specimen) {
    case Specimen::Good:
        return run.outcome == Outcome::Pass;
    case Specimen::UnknownIssuer:
        return run.outcome != Outcome::Pass && run.code == DeviceCode::EkCertificateUntrusted;
    case Specimen::WrongAnswer:
        break;
    }
    return run.outcome == Outcome::Fail && run.code == DeviceCode::AttestationWrong;
}

Result<SpecimenRun> runOf(Specimen specimen, const SoftwareTpm& tpm, EnrollmentOrder order, const std::stop_token& stop)
{
    order.device = tpm.address();
    TRY_ASSIGN(const auto address, wiring::requireAllowedAddress(order.device, order.profile, {}));
    auto device = wiring::makeDeviceTpm(address, order.profile, stop);
    if (specimen == Specimen::WrongAnswer) {
        device = withWrongAnswer(std::move(device));
    }
    attestation::SilentSteps steps;
    auto run = enrollment::attestOnly(order, *device, steps, stop);
    TRY(requireNotCancelled(stop));
    const bool asExpected = isAsExpected(specimen, run);
    return SpecimenRun{specimen, std::move(run), asExpected};
}

} // namespace

Result<SelfCheck> checkStation(const SelfCheckOrder& wanted, const std::stop_token& stop)
{
    TRY_ASSIGN(const auto alone, lockOf(wanted.directory));
    TRY_ASSIGN(const auto known, start(wanted.directory, "known"));
    TRY(requireNotCancelled(stop));
    TRY_ASSIGN(const auto unknown, start(wanted.directory, "unknown"));
    TRY(requireNotCancelled(stop));
    EnrollmentOrder order;
    order.stationId = wanted.stationId;
    order.profile = forSoftwareTpms(wanted.profile);
    order.software = wanted.software;
    TRY_ASSIGN(order.anchors, authoritiesOf(known));
    const bool wantsTrust = order.profile.policy.certificate == attestation::CertificateRequirement::Trusted;
    SelfCheck check;
    check.stamp = {utcNow(), true, wanted.software, wanted.profile.stamp.sha256};
    for (const auto specimen : kAllSpecimens) {
        if (specimen == Specimen::UnknownIssuer && !wantsTrust) {
            continue;
        }
        TRY_ASSIGN(auto run, runOf(specimen, specimen == Specimen::UnknownIssuer ? unknown : known, order, stop));
        check.stamp.passed = check.stamp.passed && run.asExpected;
        check.runs.push_back(std::move(run));
    }
    return check;
}

Result<SelfCheck> checkAndKeep(const fs::path& dataDirectory, SelfCheckOrder order, const std::stop_token& stop)
{
    order.directory = dataDirectory / "self-check";
    TRY_ASSIGN(auto check, checkStation(order, stop));
    if (const auto kept = db::self_check::writeSelfCheck(dataDirectory, check.stamp); !kept.ok()) {
        if (check.stamp.passed) {
            return kept.error();
        }
        logFault(kept.error()); // a disk that is full is no reason to test on
        std::error_code ignored;
        fs::remove(db::self_check::selfCheckFile(dataDirectory), ignored); // nor is the one before, which passed
    }
    return check;
}

} // namespace enroll::app::self_check

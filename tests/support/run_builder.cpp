#include "tests/support/run_builder.h"

#include "core/attestation/public_area.h"
#include "core/base/uuid.h"
#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"

#include <array>

namespace enroll::test {

using namespace attestation;
using namespace enrollment;

namespace {

constexpr std::size_t kModulusSize = 256;

UtcTime startOfShift()
{
    return fromIso8601("2026-11-23T06:00:00.120Z").value();
}

/// Bytes that look random and are the same every time.
Bytes figureBytes(std::string_view purpose, int number, std::size_t size)
{
    Bytes bytes;
    for (int block = 0; bytes.size() < size; ++block) {
        const auto seed = std::string{purpose} + std::to_string(number) + "/" + std::to_string(block);
        bytes = concat({bytes, crypto::sha256({asBytes(seed)}).value()});
    }
    bytes.resize(size);
    return bytes;
}

Bytes storageKeyArea(std::string_view purpose, int number)
{
    using namespace object_attribute;
    auto modulus = figureBytes(purpose, number, kModulusSize);
    modulus.front() |= std::byte{0x80};
    modulus.back() |= std::byte{0x01};
    PublicArea area;
    area.attributes = kFixedTpm | kFixedParent | kSensitiveDataOrigin | kAdminWithPolicy | kRestricted | kDecrypt;
    area.authPolicy = figureBytes("policy", 0, 32);
    area.parameters = RsaParameters{.symmetric = SymmetricParent{}};
    area.unique = modulus;
    return marshalPublic(area);
}

EkCertificateEvidence certificate(int number)
{
    return {figureBytes("certificate", number, 900),
            "CN=Infineon OPTIGA(TM) RSA Manufacturing CA 022, O=\"Infineon Technologies AG\", C=DE",
            "5a1f" + std::to_string(number),
            fromIso8601("2043-06-02T17:48:26.000Z").value(),
            true,
            crypto::PathResult::Trusted};
}

EndorsementKeyEvidence evidence(const Bytes& area, const EkSource& source, EkTemplate templateKind)
{
    const auto digest = crypto::sha256({area}).value();
    const std::array nameAlgorithm{std::byte{0x00}, std::byte{0x0B}};
    return {area, digest, concat({nameAlgorithm, digest}), "rsa2048", source, templateKind, std::nullopt};
}

std::vector<StepRecord> allStepsOk()
{
    std::vector<StepRecord> steps;
    for (const auto step : kAllSteps) {
        steps.push_back({step, StepOutcome::Ok, std::chrono::milliseconds{12}, "12 ms \"quoted\", \u00fcml\u00e4ut"});
    }
    steps[3].outcome = StepOutcome::Finding;
    return steps;
}

TpmTraffic traffic(int number)
{
    return {31, 5120, 9120, 1, std::chrono::microseconds{640'201 + number}};
}

AttestationRun identifiedRun(int number)
{
    AttestationRun run = emptyRun();
    run.runId = RunId{makeUuidV7()};
    run.stationId = StationId{"LINE-4"};
    run.operatorId = OperatorId{"op-117"};
    run.batch = BatchId{"WO-2026-0311"};
    run.slot = SlotNumber{number % 8 + 1};
    run.device = "tcp://127.0.0.1:2321";
    run.profile = {"Gateway-X rev C", "7", std::string(64, 'a')};
    run.startedAt = startOfShift() + std::chrono::seconds{number};
    run.duration = std::chrono::milliseconds{843};
    run.tpm = TpmIdentity{"IFX", 0x49465800, "SLB9670", "7.85.4555.0", 138, false};
    run.traffic = traffic(number);
    run.software = {"0.1.0", "Debug"};
    return run;
}

} // namespace

SerialNumber DeviceFigure::serial() const
{
    constexpr int kDigits = 6;
    const auto number = std::to_string(m_number);
    return SerialNumber{"GX-" + std::string(kDigits - std::min<std::size_t>(kDigits, number.size()), '0') + number};
}

Bytes DeviceFigure::endorsementKey() const
{
    return storageKeyArea("ek", m_number);
}

Bytes DeviceFigure::endorsementKeyDigest() const
{
    return crypto::sha256({endorsementKey()}).value();
}

RegistrationId DeviceFigure::registrationId() const
{
    return registrationIdFromEk(endorsementKey()).value();
}

AttestationRun DeviceFigure::passingRun() const
{
    auto run = identifiedRun(m_number);
    run.serialNumber = serial();
    run.outcome = Outcome::Pass;
    run.headline = "Enrolled.";
    run.nextStep = "Take the device out.";
    run.registrationId = registrationId();
    run.endorsementKey = evidence(endorsementKey(), EkSource{0x81010001}, EkTemplate::TcgL1);
    run.endorsementKey->certificate = certificate(m_number);
    run.endorsementKeys = {*run.endorsementKey,
                           evidence(storageKeyArea("azure", m_number), EkSource{}, EkTemplate::AzureEmptyUnique)};
    run.storageRootKey = StorageRootKeyEvidence{storageKeyArea("srk", m_number), figureBytes("srk", m_number, 34)};
    run.steps = allStepsOk();
    run.findings = {{"ek-certificate-expired", Severity::Warning, "The EK certificate has expired.", std::nullopt,
                     AttestationStep::VerifyEkCertificate}};
    run.record =
        RecordSummary{registrationId(), RecordState::Queued, {{DestinationName{"dps"}, RecordState::Queued, {}, {}}}};
    return run;
}

AttestationRun DeviceFigure::runEndedAs(Outcome outcome, ErrorCode code) const
{
    auto run = passingRun();
    run.outcome = outcome;
    run.code = code;
    run.headline = describe(code).headline;
    run.nextStep = describe(code).instruction;
    run.subject = "GX-000118";
    run.record = std::nullopt;
    run.findings.push_back({"decided", Severity::Hold, "This decided.", code});
    run.steps.back().outcome = StepOutcome::Skipped;
    return run;
}

EnrollmentRecord DeviceFigure::recordOf(const AttestationRun& run) const
{
    EnrollmentRecord record;
    record.registrationId = registrationId();
    record.serialNumber = serial();
    record.endorsementKey = endorsementKey();
    record.endorsementKeyDigest = endorsementKeyDigest();
    record.runId = run.runId;
    record.createdAt = run.startedAt + run.duration;
    record.batch = run.batch;
    return record;
}

AttestationRun emptyRun()
{
    return {};
}

} // namespace enroll::test

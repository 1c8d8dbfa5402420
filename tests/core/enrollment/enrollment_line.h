#pragma once

#include "core/base/uuid.h"
#include "core/enrollment/enroll_device.h"
#include "core/enrollment/registration_id.h"
#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/memory_journal.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

namespace enroll::test {

inline const DeviceKeys& keys()
{
    static const auto value = WorkedChallenge{}.keys();
    return value;
}

inline enrollment::EnrollmentRecord recordFor(const std::string& serial, const Bytes& endorsementKey)
{
    enrollment::EnrollmentRecord record;
    record.registrationId = must(enrollment::registrationIdFromEk(endorsementKey));
    record.serialNumber = enrollment::SerialNumber{serial};
    record.endorsementKey = endorsementKey;
    record.endorsementKeyDigest = must(crypto::sha256({endorsementKey}));
    record.runId = enrollment::RunId{makeUuidV7()};
    return record;
}

inline enrollment::EnrollmentRecord thisDeviceAs(const std::string& serial)
{
    return recordFor(serial, attestation::marshalPublic(keys().endorsementKey.area));
}

inline enrollment::EnrollmentRecord anotherDeviceAs(const std::string& serial)
{
    return recordFor(serial, Bytes(316, std::byte{0x77}));
}

/// A genuine device in slot 3 of a station with an empty journal, and two destinations.
struct Line {
    EkAuthority authority;
    FakeDeviceTpm tpm{keys()};
    MemoryJournal journal;
    enrollment::ReadKeys readKeys;
    RecordingSteps steps;
    enrollment::EnrollmentOrder order;

    Line()
    {
        tpm.setCertificateNv(authority.issue(keys().endorsementKey.pem));
        order.stationId = enrollment::StationId{"line-1"};
        order.operatorId = enrollment::OperatorId{"op-7"};
        order.batch = enrollment::BatchId{"B-12"};
        order.slot = enrollment::SlotNumber{3};
        order.serialNumber = enrollment::SerialNumber{"GX-000183"};
        order.device = "tcp://127.0.0.1:2321";
        order.profile.stamp = {"Gateway-X", "7", "ab"};
        order.anchors = authority.anchors();
        order.software = {"0.1.0", "test"};
        journal.queueFor({enrollment::DestinationName{"cloud"}, enrollment::DestinationName{"plant"}});
    }

    enrollment::AttestationRun enroll()
    {
        return enrollment::enrollDevice(order, {tpm, journal, journal, readKeys}, steps, steps.stop());
    }
};

/// Another endorsement key of the device on \p line is read on the way to the one that it presents.
inline void showAnotherKey(Line& line, const attestation::PublicArea& area)
{
    line.tpm.changeReading([bytes = attestation::marshalPublic(area)](attestation::EndorsementKeyReading& reading) {
        reading.otherKeys = {bytes};
    });
}

inline attestation::StepOutcome recordStepOf(const enrollment::AttestationRun& run)
{
    return run.steps.back().outcome.knownOr(attestation::StepOutcome::Skipped);
}

/// The run is in the journal as it was returned, no record is, and nothing is left in the TPM.
inline void verifyStoredWithoutARecord(const Line& line, const enrollment::AttestationRun& run)
{
    QVERIFY(!run.record);
    QVERIFY(line.journal.records().empty());
    QCOMPARE(line.journal.runs().size(), std::size_t{1});
    QVERIFY(line.journal.runs().front() == run);
    QCOMPARE(recordStepOf(run), attestation::StepOutcome::Ok);
    QCOMPARE(line.tpm.loaded(), 0);
}

} // namespace enroll::test

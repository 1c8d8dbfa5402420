#include "core/enrollment/ek_index.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using Kind = DuplicateCheck::Kind;

namespace {

const Bytes kThisEk(32, std::byte{0x01});
const Bytes kOtherEk(32, std::byte{0x02});
const SerialNumber kThisSerial{"GX-000183"};
const SerialNumber kOtherSerial{"GX-000118"};

EnrollmentRecord record(const SerialNumber& serial, const Bytes& endorsementKey)
{
    EnrollmentRecord made;
    made.serialNumber = serial;
    made.endorsementKey = endorsementKey;
    return made;
}

} // namespace

class tst_ek_index : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unknownKeyAndSerialAreNew()
    {
        const auto check = checkDuplicate(kThisSerial, kThisEk, {});
        QCOMPARE(check.kind, Kind::New);
        QVERIFY(!check.existing);
    }

    void sameKeyAndSerialAreARetest()
    {
        const auto earlier = record(kThisSerial, kThisEk);
        const auto check = checkDuplicate(kThisSerial, kThisEk, {earlier, earlier, earlier});
        QCOMPARE(check.kind, Kind::Retest);
        QCOMPARE(check.existing, earlier);
    }

    void sameKeyUnderAnotherSerialIsElsewhere()
    {
        const auto earlier = record(kOtherSerial, kThisEk);
        const auto check = checkDuplicate(kThisSerial, kThisEk, {earlier, std::nullopt, earlier});
        QCOMPARE(check.kind, Kind::EkElsewhere);
        QCOMPARE(check.existing->serialNumber, kOtherSerial);
    }

    void sameSerialWithAnotherKeyIsAConflict()
    {
        const auto earlier = record(kThisSerial, kOtherEk);
        const auto check = checkDuplicate(kThisSerial, kThisEk, {std::nullopt, earlier, earlier});
        QCOMPARE(check.kind, Kind::SerialHasOtherEk);
        QCOMPARE(check.existing, earlier);
    }

    /// That it is the same chip, by its storage root key or another endorsement key, changes nothing: the record has one key.
    void anotherKeyOfItsOwnChipIsAConflictOfTheSerialToo()
    {
        const auto earlier = record(kThisSerial, kOtherEk);
        for (const auto& known : {KnownRecords{.bySerial = earlier, .byStorageRootKey = earlier},
                                  KnownRecords{.bySerial = earlier, .byOtherKeys = {earlier}},
                                  KnownRecords{.bySerial = earlier, .byRegistration = earlier}}) {
            const auto check = checkDuplicate(kThisSerial, kThisEk, known);
            QCOMPARE(check.kind, Kind::SerialHasOtherEk);
            QCOMPARE(check.existing, earlier);
        }
    }

    void theKeyElsewhereOutranksTheSerialsOtherKey()
    {
        const auto check =
            checkDuplicate(kThisSerial, kThisEk, {record(kOtherSerial, kThisEk), record(kThisSerial, kOtherEk), {}});
        QCOMPARE(check.kind, Kind::EkElsewhere);
        QCOMPARE(check.existing->serialNumber, kOtherSerial);
    }

    void anotherDevicesRegistrationIdIsTaken()
    {
        const auto earlier = record(kOtherSerial, kOtherEk);
        const auto check = checkDuplicate(kThisSerial, kThisEk, {std::nullopt, std::nullopt, earlier});
        QCOMPARE(check.kind, Kind::RegistrationIdTaken);
        QCOMPARE(check.existing, earlier);
    }

    void anotherKeyOfAnEnrolledTpmIsElsewhere()
    {
        const auto earlier = record(kOtherSerial, kOtherEk);
        QCOMPARE(checkDuplicate(kThisSerial, kThisEk, {{}, {}, {}, earlier}).kind, Kind::TpmElsewhere);
        QCOMPARE(checkDuplicate(kThisSerial, kThisEk, {{}, {}, earlier, earlier}).kind, Kind::TpmElsewhere);
    }

    void anotherKeyOfTheChipThatIsEnrolledElsewhereTellsIt()
    {
        const auto own = record(kThisSerial, kThisEk);
        const auto earlier = record(kOtherSerial, kOtherEk);
        const auto check = checkDuplicate(kThisSerial, kThisEk, {.byOtherKeys = {own, earlier}});
        QCOMPARE(check.kind, Kind::TpmElsewhere);
        QCOMPARE(check.existing->serialNumber, kOtherSerial);
        QCOMPARE(checkDuplicate(kThisSerial, kThisEk, {.byOtherKeys = {own}}).kind, Kind::New);
    }

    /// An earlier program gave one chip two records. Its first is retested, its second is found.
    void theRetestOfASecondRecordOfOneTpmNamesTheFirst()
    {
        const auto own = record(kThisSerial, kThisEk);
        const auto earlier = record(kOtherSerial, kOtherEk);
        QVERIFY(!checkDuplicate(kThisSerial, kThisEk, {own, own, own, own}).tpmElsewhere);
        for (const auto& known :
             {KnownRecords{own, own, own, earlier}, KnownRecords{own, own, own, own, {own, earlier}}}) {
            const auto second = checkDuplicate(kThisSerial, kThisEk, known);
            QCOMPARE(second.kind, Kind::Retest);
            QCOMPARE(second.existing->serialNumber, kThisSerial);
            QVERIFY(second.tpmElsewhere && second.tpmElsewhere->serialNumber == kOtherSerial);
        }
    }

    void recordStatesReadAsInTheRunDocument()
    {
        QCOMPARE(recordStateText(RecordState::Queued), std::string_view{"queued"});
        QCOMPARE(recordStateText(RecordState::Sent), std::string_view{"sent"});
        QCOMPARE(recordStateText(RecordState::Accepted), std::string_view{"accepted"});
        QCOMPARE(recordStateText(RecordState::Rejected), std::string_view{"rejected"});
        QCOMPARE(recordStateText(RecordState::SetAside), std::string_view{"set-aside"});
    }
};

QTEST_GUILESS_MAIN(tst_ek_index)
#include "tst_ek_index.moc"

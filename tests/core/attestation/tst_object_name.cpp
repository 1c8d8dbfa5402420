#include "core/attestation/object_name.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using enroll::test::must;

class tst_object_name : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesTheWorkedExample()
    {
        const test::WorkedChallenge vectors;
        const auto keys = vectors.keys();
        QCOMPARE(must(attestation::objectName(keys.endorsementKey.area)), vectors.bytes("ekName"));
        QCOMPARE(must(attestation::objectName(keys.storageRootKey.area)), vectors.bytes("srkName"));
        const auto idKey = must(attestation::parsePublic(vectors.bytes("object.tpm2bPublic")));
        QCOMPARE(must(attestation::objectName(idKey)), vectors.bytes("object.name"));
    }

    void beginsWithTheKeysOwnHash()
    {
        const auto area = test::makeEndorsementKey(test::KeyKind::EccP384).area;
        const auto name = must(attestation::objectName(area));
        QCOMPARE(name.size(), std::size_t{2 + 48});
        QCOMPARE(toHex(ByteView{name}.first(2)), std::string{"000c"});
    }

    void changesWithTheAttributes()
    {
        auto area = test::WorkedChallenge{}.keys().storageRootKey.area;
        const auto before = must(attestation::objectName(area));
        area.attributes ^= attestation::object_attribute::kNoDa;
        QVERIFY(must(attestation::objectName(area)) != before);
    }
};

QTEST_GUILESS_MAIN(tst_object_name)
#include "tst_object_name.moc"

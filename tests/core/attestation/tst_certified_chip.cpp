#include "core/attestation/certified_chip.h"

#include <QTest>

using namespace enroll::attestation;

namespace {

constexpr std::uint32_t kInfineon = 0x49465800;
constexpr std::uint32_t kStm = 0x53544D20;
constexpr std::uint32_t kNuvoton = 0x4E544300;
constexpr std::uint32_t kAmd = 0x414D4400;
constexpr std::uint32_t kIntel = 0x494E5443;
constexpr std::uint32_t kVmware = 0x564D5700;
constexpr std::uint32_t kSwtpm = 0x00001014;

/// What certificates of a kind of chip say as the version, and the firmware that TPMs of that kind state. Published by
/// their owners: wolfTPM's and smallstep's documentation, threads of tpm2-tools, keylime and go-attestation.
struct Firmware {
    const char* name;
    std::uint32_t maker;
    const char* version;
    FirmwareVersion firmware;
};
const std::vector<Firmware> kFirmware{
    {"SLB 9670", kInfineon, "id:0755", {7, 85}},
    {"SLB 9670, later", kInfineon, "id:0757", {7, 87}},
    {"SLM 9670", kInfineon, "id:0D0B", {13, 11}},
    {"SLB 9672", kInfineon, "id:0f16", {15, 22}},
    {"ST33TPHF2ESPI of a T470", kStm, "id:0047000C", {71, 12}},
    {"ST33TPHF2ESPI of a T490", kStm, "ID:00490008", {73, 8}},
    {"ST33HTPHAHD8", kStm, "id:00010102", {1, 258}},
    {"ST33KTPM2X", kStm, "id:00090100", {9, 256}},
    {"NPCT75x", kNuvoton, "id:00070002", {7, 2}},
};

/// Versions of real certificates that are not sure to count as the TPM does, and texts that are no version.
struct NoFirmware {
    std::uint32_t maker;
    const char* version;
};
const std::vector<NoFirmware> kNoFirmware{
    {kNuvoton, "id:13"},
    {kStm, "id:0D0C"},
    {kAmd, "id:00030001"},
    {kAmd, "id:00060300"},
    {kIntel, "id:00000000"},
    {kIntel, "id:0200"},
    {kVmware, "id:00020065"},
    {kSwtpm, "id:20191023"},
    {kInfineon, "id:00070055"},
    {kInfineon, ""},
    {kInfineon, "id:"},
    {kInfineon, "0755"},
    {kInfineon, "id:075G"},
    {kInfineon, "id: 755"},
    {kInfineon, "id:07 55"},
    {kInfineon, "7.85"},
    {kStm, "id:0049000"},
    {kStm, "id:004900080"},
    {kStm, "id:\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"},
};

/// A TPM's vendor string and its certificate's model.
struct Models {
    const char* vendorString;
    const char* model;
};
/// Of one chip: what chips say of themselves, and the models in their certificates.
const std::vector<Models> kOneChip{
    {"SLB9670", "SLB9670"},
    {"SLB9670", "SLB9670_2.0"},
    {"SLB9670", "SLB 9670 TPM2.0"},
    {"SLB9672", "SLB 9672 TPM2.0"},
    {"SLM9670", "SLM 9670"},
    {"slb 9670", "SLB9670"},
    {"rls NPCT", "NPCT75x"},
    {"NPCT75x?\?$rls", "NPCT75x"}, // as tpm_properties shows the bytes 02 01 00 24 in it
    {"ST33HTPH", "ST33HTPHAHD8"},
    {"ST33TPHF2XSPI", "ST33HTPHAHB6"},
    {"ST33KTPM2XSPI", "ST33KTPM2X"},
    {"", "ST33HTPHAHB6"}, // ST33TPHF2XSPI has no vendor string
    {"    ", "ST33HTPHAHB6"},
    {"Intel", "Intel"},
    {"Intel", "Intel PTT"},
    {"AMD", "AMD"},
    {"SW   TPM", "swtpm"},
    {"SLB9670", ""},
    {"SLB9670", "TPM 2.0"},
};
/// Of two.
const std::vector<Models> kTwoChips{
    {"SLB9670", "ST33HTPHAHB6"},
    {"ST33HTPH", "SLB9670_2.0"},
    {"SLB9670", "NPCT75x"},
    {"NPCT75x", "SLB 9670 TPM2.0"},
    {"rls NPCT", "ST33HTPHAHD8"},
    {"ST33HTPH", "NPCT75x"},
    {"Intel", "SLB 9670 TPM2.0"},
    {"SLB9670", "Intel PTT"},
    {"AMD", "NPCT75x"},
    {"NPCT75x", "AMD"},
    {"AMD", "Intel"},
    {"Intel", "AMD"},
    {"ST33KTPM2X", "SLB 9670 TPM2.0"}, // TPM2 says nothing
    {"xCG fTPM", "SLB 9670 TPM2.0"},
    {"SLB9672", "SLB 8875"}, // a maker's prefix alone
};

void addModels(const std::vector<Models>& rows)
{
    QTest::addColumn<QString>("vendorString");
    QTest::addColumn<QString>("model");
    for (const auto& row : rows) {
        QTest::addRow("%s / %s", row.vendorString, row.model)
            << QString::fromLatin1(row.vendorString) << QString::fromLatin1(row.model);
    }
}

} // namespace

class tst_certified_chip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aVersionIsReadInTheFormOfItsMaker()
    {
        for (const auto& row : kFirmware) {
            QVERIFY2(certifiedFirmware(row.maker, row.version) == row.firmware, row.name);
        }
    }

    void aVersionThatMayCountInAnotherWayIsNotRead()
    {
        for (const auto& row : kNoFirmware) {
            QVERIFY2(!certifiedFirmware(row.maker, row.version), row.version);
        }
    }

    /// The form belongs to the maker: nobody else's certificate is read by it.
    void aVersionOfAnotherMakerIsNotRead()
    {
        for (const auto& row : kFirmware) {
            for (const auto other : {kAmd, kIntel, kSwtpm, std::uint32_t{0}}) {
                QVERIFY2(!certifiedFirmware(other, row.version), row.name);
            }
        }
    }

    void aVersionIsShownAsTheTpmStatesIt()
    {
        QCOMPARE(certifiedFirmwareText("id:49465800", "id:0755"), std::string{"7.85"});
        QCOMPARE(certifiedFirmwareText("id:53544D20", "id:00010102"), std::string{"1.258"});
        QCOMPARE(certifiedFirmwareText("id:4E544300", "id:13"), std::string{"id:13"});
        QCOMPARE(certifiedFirmwareText("Infineon", "id:0755"), std::string{"id:0755"});
        QCOMPARE(certifiedFirmwareText("", ""), std::string{});
    }

    void onlyALaterCertificateIsLater_data()
    {
        QTest::addColumn<QString>("stated");
        QTest::addColumn<bool>("isLater");
        QTest::newRow("the same") << "7.85.4555.0" << false;
        QTest::newRow("the same, two numbers") << "7.85" << false;
        QTest::newRow("a later build") << "7.85.65535.65535" << false;
        QTest::newRow("updated") << "7.86.0.0" << false;
        QTest::newRow("updated, another line") << "13.0.0.0" << false;
        QTest::newRow("older") << "7.84.65535.65535" << true;
        QTest::newRow("older, another line") << "6.255.0.0" << true;
        QTest::newRow("nothing") << "0.0.0.0" << true;
        QTest::newRow("no version") << "" << false;
        QTest::newRow("a text") << "newest" << false;
    }
    void onlyALaterCertificateIsLater()
    {
        QFETCH(const QString, stated);
        QFETCH(const bool, isLater);
        QCOMPARE(isLaterThanStated(certifiedFirmware(kInfineon, "id:0755"), stated.toStdString()), isLater);
        QVERIFY(!isLaterThanStated(std::nullopt, stated.toStdString()));
    }

    void wordsOfOneChipAreNoDifference_data() { addModels(kOneChip); }
    void wordsOfOneChipAreNoDifference()
    {
        QFETCH(const QString, vendorString);
        QFETCH(const QString, model);
        QVERIFY(!namesOtherModel(vendorString.toStdString(), model.toStdString()));
        QVERIFY(!namesOtherModel(model.toStdString(), vendorString.toStdString()));
    }

    void wordsOfTwoChipsAreADifference_data() { addModels(kTwoChips); }
    void wordsOfTwoChipsAreADifference()
    {
        QFETCH(const QString, vendorString);
        QFETCH(const QString, model);
        QVERIFY(namesOtherModel(vendorString.toStdString(), model.toStdString()));
        QVERIFY(namesOtherModel(model.toStdString(), vendorString.toStdString()));
    }

    void someVendorStringsAreTheMakersName()
    {
        QVERIFY(isMakersName("Intel"));
        QVERIFY(isMakersName("AMD"));
        QVERIFY(!isMakersName("Intel PTT"));
        QVERIFY(!isMakersName("SLB9670"));
        QVERIFY(!isMakersName(""));
    }
};

QTEST_GUILESS_MAIN(tst_certified_chip)
#include "tst_certified_chip.moc"

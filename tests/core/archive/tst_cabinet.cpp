#include "core/archive/cabinet.h"
#include "core/base/station_code.h"
#include "tests/support/cabinet_maker.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::archive;
using test::CabinetFile;
using test::cabinetOf;

class TstCabinet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesTheFilesThatAreWanted();
    void readsCompressedFilesAcrossBlocks();
    void namesNeedNotBeUtf8();
    void aSignatureBehindItDoesNotCount();
    void refusesWhatIsNoCabinet_data();
    void refusesWhatIsNoCabinet();
    void saysThatItBreaksOff();
    void aFileOverTheLimitHasItsReason();
    void breaksOffAtTheLimitOfFiles();
    void breaksOffAtTheLimitOfBytes();

private:
    static Bytes bytesOf(std::string_view text) { return toBytes(asBytes(text)); }
    static Bytes fileOf(const QString& name)
    {
        QFile file{QStringLiteral(ENROLL_TEST_DATA "/certificates/") + name};
        return file.open(QIODevice::ReadOnly) ? bytesOf(file.readAll().toStdString()) : Bytes{};
    }
    static bool any(std::string_view /*name*/) { return true; }
    static bool none(std::string_view /*name*/) { return false; }

    std::vector<CabinetFile> m_files{{"AMD\\RootCA\\root.cer", bytesOf("root")},
                                     {"setup.ps1", bytesOf("script")},
                                     {"AMD\\IntermediateCA\\sub.crt", bytesOf("sub")}};
};

void TstCabinet::givesTheFilesThatAreWanted()
{
    const auto cabinet =
        readCabinet(cabinetOf(m_files), [](std::string_view name) { return !name.ends_with(".ps1"); }).value();
    QVERIFY(!cabinet.brokenOff);
    QCOMPARE(cabinet.entries.size(), std::size_t{2});
    QCOMPARE(cabinet.entries[0].name, std::string{"AMD/RootCA/root.cer"});
    QCOMPARE(cabinet.entries[0].content.value(), bytesOf("root"));
    QCOMPARE(cabinet.entries[1].name, std::string{"AMD/IntermediateCA/sub.crt"});
    QCOMPARE(cabinet.entries[1].content.value(), bytesOf("sub"));
}

/// MSZIP, as Microsoft packs: each block of 32 KiB after the first is compressed with the one before it in mind.
void TstCabinet::readsCompressedFilesAcrossBlocks()
{
    const auto amd = fileOf(QStringLiteral("swtpm-ek-p384.der"));
    const auto intel = fileOf(QStringLiteral("swtpm-ek-rsa2048.der"));
    const auto cabinet = readCabinet(fileOf(QStringLiteral("compressed.cab")), any).value();
    QVERIFY(!cabinet.brokenOff);
    QCOMPARE(cabinet.entries.size(), std::size_t{40});
    for (const auto& entry : cabinet.entries) {
        QVERIFY2(entry.content.ok(), entry.name.c_str());
        QCOMPARE(*entry.content, entry.name.starts_with("AMD/") ? amd : intel);
    }
}

void TstCabinet::namesNeedNotBeUtf8()
{
    const auto cabinet = readCabinet(cabinetOf({{"M\x84ker\x1b.cer", bytesOf("x")}}), any).value();
    QCOMPARE(cabinet.entries.size(), std::size_t{1});
    QVERIFY(cabinet.entries[0].name.find('\x1b') == std::string::npos);
    QVERIFY(cabinet.entries[0].name.ends_with(".cer"));
}

void TstCabinet::aSignatureBehindItDoesNotCount()
{
    const auto cabinet = readCabinet(cabinetOf(m_files, "signature"), any).value();
    QVERIFY(!cabinet.brokenOff);
    QCOMPARE(cabinet.entries.size(), std::size_t{3});
}

void TstCabinet::refusesWhatIsNoCabinet_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::newRow("empty") << Bytes{};
    QTest::newRow("text") << bytesOf("Dear maker");
    QTest::newRow("another archive") << bytesOf("PK\x03\x04");
    QTest::newRow("larger than the limit") << concat({bytesOf("MSCF"), Bytes(kLargestCabinet)});
}

void TstCabinet::refusesWhatIsNoCabinet()
{
    QFETCH(Bytes, content);
    const auto refused = readCabinet(content, any);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
}

/// Wherever it ends too early, no content is made up: each file that is given is whole.
void TstCabinet::saysThatItBreaksOff()
{
    const auto whole = cabinetOf(m_files);
    for (std::size_t size = 4; size < whole.size(); ++size) {
        const auto cabinet = readCabinet(ByteView{whole}.first(size), any);
        bool complained = !cabinet.ok() || cabinet->brokenOff.has_value();
        for (std::size_t i = 0; cabinet.ok() && i < cabinet->entries.size(); ++i) {
            const auto& content = cabinet->entries[i].content;
            complained = complained || !content.ok();
            QVERIFY(!content.ok() || *content == m_files.at(i).content);
        }
        QVERIFY2(complained, qPrintable(QString::number(size)));
    }
}

void TstCabinet::aFileOverTheLimitHasItsReason()
{
    auto cabinet = cabinetOf({{"large.cer", bytesOf("x")}});
    cabinet.at(46) = std::byte{0x20}; // 44: the first file's size, little-endian
    const auto read = readCabinet(cabinet, any);
    QVERIFY(read.ok());
    QCOMPARE(read->entries.size(), std::size_t{1});
    QVERIFY(!read->entries.front().content.ok());
}

void TstCabinet::breaksOffAtTheLimitOfFiles()
{
    std::vector<CabinetFile> files(kMostEntries, {"x", {}});
    QVERIFY(!readCabinet(cabinetOf(files), any).value().brokenOff);
    files.push_back({"x", {}});
    const auto cabinet = readCabinet(cabinetOf(files), none).value();
    QVERIFY(cabinet.brokenOff);
    QCOMPARE(cabinet.brokenOff->code, StationCode::KeyMaterialUnusable);
}

void TstCabinet::breaksOffAtTheLimitOfBytes()
{
    auto cabinet = cabinetOf({{"large.cer", bytesOf("x")}});
    cabinet.at(47) = std::byte{0x05};
    const auto read = readCabinet(cabinet, none);
    QVERIFY(!read.ok() || read->brokenOff);
}

QTEST_APPLESS_MAIN(TstCabinet)
#include "tst_cabinet.moc"

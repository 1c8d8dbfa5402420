#include "core/base/station_code.h"
#include "core/system/secret_file.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace enroll;
using namespace enroll::system;

class TstSecretFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void readsWhatItsOwnerAloneCanReach();
    void refusesWhatOthersCanReach_data();
    void refusesWhatOthersCanReach();
    void takesACredentialOfSystemd();
    void takesASecretOfTheLimitAndNoneLonger();
    void namesWhatIsNoFile();

private:
    std::filesystem::path path(const char* name) const
    {
        return m_directory.filePath(QLatin1String(name)).toStdString();
    }

    QTemporaryDir m_directory;
};

void TstSecretFile::init()
{
    std::ofstream{path("secret")} << "key=abc";
    std::filesystem::permissions(path("secret"), std::filesystem::perms{0600});
    qunsetenv("CREDENTIALS_DIRECTORY");
}

void TstSecretFile::readsWhatItsOwnerAloneCanReach()
{
    QCOMPARE(asText(readSecretFile(path("secret"), 100).value().view()), std::string_view{"key=abc"});
}

void TstSecretFile::refusesWhatOthersCanReach_data()
{
    QTest::addColumn<int>("mode");
    for (const int mode : {0640, 0620, 0610, 0604, 0602, 0601}) {
        QTest::newRow(QByteArray::number(mode, 8).constData()) << mode;
    }
}

void TstSecretFile::refusesWhatOthersCanReach()
{
    QFETCH(int, mode);
    std::filesystem::permissions(path("secret"), std::filesystem::perms{static_cast<unsigned>(mode)});
    const auto secret = readSecretFile(path("secret"), 100);
    QVERIFY(!secret.ok());
    QCOMPARE(secret.error().code, StationCode::FileUnusable);
    QVERIFY(secret.error().what.starts_with(path("secret").string()));
    QVERIFY(secret.error().what.find("chmod 600") != std::string::npos);
}

void TstSecretFile::takesACredentialOfSystemd()
{
    qputenv("CREDENTIALS_DIRECTORY", m_directory.path().toUtf8());
    std::filesystem::permissions(path("secret"), std::filesystem::perms{0440});
    QVERIFY(readSecretFile(path("secret"), 100).ok());
    std::filesystem::permissions(path("secret"), std::filesystem::perms{0444});
    QVERIFY(!readSecretFile(path("secret"), 100).ok());
}

void TstSecretFile::takesASecretOfTheLimitAndNoneLonger()
{
    QCOMPARE(readSecretFile(path("secret"), 7).value().size(), 7U);
    QVERIFY(!readSecretFile(path("secret"), 6).ok());
}

void TstSecretFile::namesWhatIsNoFile()
{
    for (const auto& kind : test::oddFiles()) {
        const auto file = path(kind.name);
        kind.make(file);
        const auto secret = readSecretFile(file, 10);
        QVERIFY2(!secret.ok(), kind.name);
        QVERIFY2(secret.error().what.find(kind.said) != std::string::npos, secret.error().what.c_str());
    }
}

QTEST_GUILESS_MAIN(TstSecretFile)
#include "tst_secret_file.moc"

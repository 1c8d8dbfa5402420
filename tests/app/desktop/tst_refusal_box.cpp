#include "app/desktop/refusal_box.h"
#include "core/base/station_code.h"
#include "core/config/station_config.h"

#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using app::desktop::RefusalBox;

class RefusalBoxTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_room;

    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path{m_room.path().toStdString()} / name;
    }

    static Error noSlot() { return makeError(StationCode::ConfigurationInvalid, "no slot"); }

    static QPushButton* offer(const RefusalBox& box)
    {
        for (auto* button : box.findChildren<QPushButton*>()) {
            if (box.buttonRole(button) == QMessageBox::ActionRole) {
                return button;
            }
        }
        return nullptr;
    }

private Q_SLOTS:
    void offersNothingByItself()
    {
        const RefusalBox box(noSlot());
        QVERIFY(offer(box) == nullptr);
        QCOMPARE(box.buttons().size(), 1);
    }

    void writesTheFileThatIsMissing()
    {
        RefusalBox box(noSlot());
        box.offerSample(path("etc/station.toml")); // its folder is missing, too
        box.open();
        QTest::mouseClick(offer(box), Qt::LeftButton);
        QVERIFY(box.isVisible()); // it says what to do next
        QVERIFY2(box.informativeText().contains(m_room.path()), qPrintable(box.informativeText()));
        QVERIFY(box.icon() == QMessageBox::Information); // what it says now went well
        QVERIFY(!offer(box)->isEnabled());
        config::ConfigSources sources;
        sources.file = path("etc/station.toml");
        const auto config = config::loadStationConfig(sources);
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QVERIFY(config->slots.empty());
    }

    void aScanWritesNothing()
    {
        RefusalBox box(noSlot());
        box.offerSample(path("scanned.toml"));
        box.open();
        QVERIFY(QTest::qWaitForWindowActive(&box));
        QTest::keyClicks(&box, QStringLiteral("GX-000183"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QVERIFY(!std::filesystem::exists(path("scanned.toml")));
    }

    void neverWritesOverAFile()
    {
        QFile file(m_room.filePath(QStringLiteral("mine.toml")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("schema = 1\n") > 0);
        file.close();
        RefusalBox box(noSlot());
        box.offerSample(path("mine.toml")); // somebody was faster
        box.open();
        QTest::mouseClick(offer(box), Qt::LeftButton);
        QVERIFY2(box.informativeText().contains(QLatin1String("is there already")), qPrintable(box.informativeText()));
        QVERIFY(box.icon() == QMessageBox::Critical);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("schema = 1\n"));
    }

    void saysWhyTheFileCannotBeWritten()
    {
        RefusalBox box(noSlot());
        box.offerSample("/proc/none/station.toml");
        box.open();
        QTest::mouseClick(offer(box), Qt::LeftButton);
        QVERIFY2(box.informativeText().contains(QLatin1String("/proc/none")), qPrintable(box.informativeText()));
    }
};

QTEST_MAIN(RefusalBoxTest)
#include "tst_refusal_box.moc"

#include "core/station/slot_label.h"
#include "tests/support/must.h"
#include "ui/card/command_card.h"

#include <QFile>
#include <QGuiApplication>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::ui;

// The card is printed by one reader of PDF, poppler, and read by one of barcodes, zbar: neither knows how it was made.

namespace {

constexpr int kPatience = 60'000;

QByteArray outputOf(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(kPatience) || process.exitCode() != 0) {
        qFatal("%s: %s", qPrintable(program), process.readAllStandardError().constData());
    }
    return process.readAllStandardOutput();
}

CommandCard cardWith(int slots)
{
    CommandCard card;
    card.station.station = QStringLiteral("ST-07");
    card.commands = test::must(station::CommandCodes::of(enrollment::StationId{"ST-07"}));
    for (int slot = 1; slot <= slots; ++slot) {
        card.slots.push_back({slot});
    }
    return card;
}

struct Printed {
    explicit Printed(const CommandCard& card)
    {
        QFile file(pdf);
        if (!file.open(QIODevice::WriteOnly) || file.write(commandCardPdf(card)) < 0) {
            qFatal("cannot write a test file");
        }
    }

    /// What a scanner reads from the pages, printed at \p dotsPerInch.
    [[nodiscard]] QStringList codes(int dotsPerInch) const
    {
        outputOf(QStringLiteral("pdftoppm"),
                 {QStringLiteral("-r"), QString::number(dotsPerInch), QStringLiteral("-gray"), pdf,
                  directory.filePath(QStringLiteral("page"))});
        QStringList pages;
        for (const auto& page : QDir(directory.path()).entryList({QStringLiteral("page*")})) {
            pages << directory.filePath(page);
        }
        const auto read = outputOf(QStringLiteral("zbarimg"),
                                   QStringList{QStringLiteral("--raw"), QStringLiteral("-q"),
                                               QStringLiteral("-Sdisable"), QStringLiteral("-Scode128.enable")} +
                                       pages);
        return QString::fromLatin1(read).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }

    QTemporaryDir directory;
    QString pdf = directory.filePath(QStringLiteral("card.pdf"));
};

} // namespace

class TestCommandCard : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCodeIsReadFromThePrint_data()
    {
        QTest::addColumn<int>("slots");
        QTest::addColumn<int>("dotsPerInch");
        QTest::addRow("office printer") << 16 << 300;
        QTest::addRow("poor printer") << 3 << 150;
        QTest::addRow("no slot") << 0 << 300;
    }
    void everyCodeIsReadFromThePrint()
    {
        QFETCH(const int, slots);
        QFETCH(const int, dotsPerInch);
        const auto card = cardWith(slots);
        auto read = Printed(card).codes(dotsPerInch);
        QStringList expected;
        for (const auto command : station::kAllCommands) {
            expected << QString::fromStdString(card.commands.textOf(command));
        }
        for (const auto slot : card.slots) {
            expected << QString::fromStdString(station::labelOf(slot));
        }
        read.sort();
        expected.sort();
        QCOMPARE(read, expected);
    }

    void wordsStandBesideTheCodes()
    {
        const Printed printed(cardWith(3));
        const auto text = QString::fromUtf8(outputOf(QStringLiteral("pdftotext"), {printed.pdf, QStringLiteral("-")}));
        for (const auto* word : {"Command card of ST", "START ALL", "STOP", "DONE", "UNDO", "SLOT 3"}) {
            QVERIFY2(text.contains(QLatin1String(word)), word);
        }
    }

    void twelveLabelsFillAPage()
    {
        const auto pages = [](int slots) {
            const Printed printed(cardWith(slots));
            const auto text = outputOf(QStringLiteral("pdfinfo"), {printed.pdf});
            return text.mid(text.indexOf("Pages:") + 6).trimmed().split('\n').front().trimmed().toInt();
        };
        QCOMPARE(pages(0), 1);
        QCOMPARE(pages(12), 2);
        QCOMPARE(pages(13), 3);
    }
};

QTEST_MAIN(TestCommandCard)
#include "tst_command_card.moc"

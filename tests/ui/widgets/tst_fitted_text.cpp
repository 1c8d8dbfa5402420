#include "ui/theme/type_scale.h"
#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QTest>

using namespace enroll::ui;

namespace {

const auto kSentence = QStringLiteral("Reseat the device, close the lid. Second time: RED bin.");
constexpr int kSmallest = 13;

} // namespace

class FittedTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLineShrinksUntilItFits()
    {
        const auto font = fitLine(textFont(48), kSentence, 400, kSmallest);
        QVERIFY(font.pixelSize() < 48);
        QVERIFY(QFontMetricsF(font).horizontalAdvance(kSentence) <= 400);
    }

    void aLineThatFitsKeepsItsSize() { QCOMPARE(fitLine(textFont(20), kSentence, 4000, kSmallest).pixelSize(), 20); }

    void nothingShrinksBelowTheSmallest()
    {
        QCOMPARE(fitLine(textFont(48), kSentence, 10, kSmallest).pixelSize(), kSmallest);
        QCOMPARE(fitBlock(textFont(48), kSentence, {10, 10}, kSmallest).pixelSize(), kSmallest);
    }

    void aBlockShrinksUntilItFits()
    {
        const auto font = fitBlock(textFont(48), kSentence, {400, 90}, kSmallest);
        QVERIFY(font.pixelSize() < 48);
        QVERIFY(blockHeight(font, kSentence, 400) <= 90);
    }

    void aBlockThatCannotFitEndsWithAnEllipsis()
    {
        const auto font = textFont(13);
        const auto cut = cutBlock(font, kSentence, {200, QFontMetricsF(font).height()});
        QVERIFY(cut.endsWith(QChar(0x2026)));
        QVERIFY(kSentence.startsWith(cut.chopped(1)));
        QVERIFY(blockHeight(font, cut, 200) < 2 * QFontMetricsF(font).lineSpacing());
        QCOMPARE(cutBlock(font, kSentence, {2000, 40}), kSentence);
    }

    void theLastWordHasCompany()
    {
        const auto text = lastWordsTogether(kSentence);
        QVERIFY(text.endsWith(QString(QStringLiteral("RED") + QChar(QChar::Nbsp) + QStringLiteral("bin."))));
        QCOMPARE(text.count(QChar(QChar::Nbsp)), 1);
        QCOMPARE(lastWordsTogether(QStringLiteral("RED bin.")), QStringLiteral("RED bin."));
        QCOMPARE(lastWordsTogether(QString()), QString());
    }
};

QTEST_MAIN(FittedTextTest)
#include "tst_fitted_text.moc"

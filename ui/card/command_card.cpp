#include "ui/card/command_card.h"

#include "core/station/slot_label.h"
#include "ui/card/code128.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPdfWriter>

#include <algorithm>

namespace enroll::ui {
namespace {

using station::Command;

struct Card {
    Q_DECLARE_TR_FUNCTIONS(CommandCard)
};

constexpr int kDotsPerInch = 1200;
constexpr double kMillimetresPerInch = 25.4;
constexpr QSizeF kPage{210, 297}; // A4, in millimetres
constexpr double kMargin = 20;
constexpr double kBar = 0.38; // the narrowest bar

/// Draws on a page in millimetres.
class Page {
public:
    explicit Page(QPainter& painter) : m_painter(painter) {}

    /// One line: smaller where it would not fit.
    void line(const QRectF& area, const QString& text, double height, QFont::Weight weight = QFont::Normal)
    {
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(static_cast<int>(dots(height)));
        font.setWeight(weight);
        const auto wanted = QFontMetricsF(font, m_painter.device()).horizontalAdvance(text);
        font.setPixelSize(static_cast<int>(dots(height) * std::min(1.0, dots(area.width()) / wanted)));
        m_painter.setFont(font);
        m_painter.drawText(inDots(area), Qt::AlignLeft | Qt::AlignVCenter, text);
    }
    /// As many lines as it takes.
    void text(const QRectF& area, const QString& text, double height)
    {
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(static_cast<int>(dots(height)));
        m_painter.setFont(font);
        m_painter.drawText(inDots(area), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text);
    }
    /// Its width follows from the text: each character has eleven bars' widths.
    void code(QPointF corner, const std::string& text, double height)
    {
        constexpr int kBesideText = 35; // start, check and stop characters
        const auto width = kBar * static_cast<double>(11 * text.size() + kBesideText);
        paintCode128(m_painter, inDots({corner, QSizeF(width, height)}), text);
    }
    void frame(const QRectF& area)
    {
        m_painter.setPen(QPen(Qt::black, dots(0.2), Qt::DashLine));
        m_painter.drawRect(inDots(area));
    }

private:
    static double dots(double millimetres) { return millimetres * kDotsPerInch / kMillimetresPerInch; }
    static QRectF inDots(const QRectF& area)
    {
        return {dots(area.x()), dots(area.y()), dots(area.width()), dots(area.height())};
    }

    QPainter& m_painter;
};

struct Words {
    QString word;
    QString meaning;
};

Words wordsOf(Command command)
{
    switch (command) {
    case Command::Start:
        return {Card::tr("START"), Card::tr("Starts the slot whose label or serial was scanned before.")};
    case Command::StartAll:
        return {Card::tr("START ALL"), Card::tr("Starts every slot that is ready.")};
    case Command::Stop:
        return {Card::tr("STOP"), Card::tr("Asks, and stops the slot when it is scanned a second time.")};
    case Command::Acknowledge:
        return {Card::tr("DONE"), Card::tr("Clears the result of the slot whose label was scanned before.")};
    case Command::Undo:
        return {Card::tr("UNDO"), Card::tr("Takes back the choice of a slot, a question, or the serial in hand.")};
    case Command::SignOut:
        return {Card::tr("SIGN OUT"), Card::tr("Signs out whoever is signed in. Tests that run go on.")};
    }
    return {};
}

void drawCommands(Page& page, const CommandCard& card)
{
    constexpr double kRow = 40;
    const auto width = kPage.width() - 2 * kMargin;
    page.line({kMargin, kMargin, width, 10}, Card::tr("Command card of %1").arg(card.station.station), 8,
              QFont::DemiBold);
    page.line({kMargin, kMargin + 11, width, 7}, Card::tr("It works at this station alone."), 4.5);
    auto top = kMargin + 26;
    for (const auto command : station::kAllCommands) {
        const auto words = wordsOf(command);
        page.code({kMargin, top}, card.commands.textOf(command), 20);
        constexpr double kTextLeft = 118;
        const auto room = kPage.width() - kMargin - kTextLeft;
        page.line({kTextLeft, top, room, 9}, words.word, 8, QFont::Bold);
        page.text({kTextLeft, top + 10, room, 26}, words.meaning, 4);
        top += kRow;
    }
}

constexpr int kLabelColumns = 2;
constexpr int kLabelsPerPage = 12;

void drawLabel(Page& page, int place, enrollment::SlotNumber slot)
{
    constexpr QSizeF kLabel{80, 38};
    const auto row = place / kLabelColumns;
    const QPointF corner(kMargin + (place % kLabelColumns) * (kLabel.width() + 10),
                         kMargin + row * (kLabel.height() + 5));
    page.frame({corner, kLabel});
    page.line({corner + QPointF(8, 3), QSizeF(64, 12)}, Card::tr("SLOT %1").arg(slot.value), 10, QFont::Bold);
    page.code(corner + QPointF(8, 17), station::labelOf(slot), 16);
}

} // namespace

QByteArray commandCardPdf(const CommandCard& card)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kDotsPerInch);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins({});
    writer.setTitle(Card::tr("Command card of %1").arg(card.station.station));
    QPainter painter(&writer);
    Page page(painter);
    drawCommands(page, card);
    for (int drawn = 0; const auto slot : card.slots) {
        const auto place = drawn++ % kLabelsPerPage;
        if (place == 0) {
            writer.newPage();
        }
        drawLabel(page, place, slot);
    }
    painter.end();
    return buffer.data();
}

} // namespace enroll::ui

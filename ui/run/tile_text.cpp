#include "ui/run/tile_text.h"

#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kClearOfFoot = 11;
constexpr double kLeastPart = 0.6; ///< a long serial shrinks to this part of its size before it is cut in its middle
constexpr double kWordPart = 0.8;  ///< of the band's height, which a word takes
// For its reason, an instruction is smaller by so much at most, and a reason by so much for its own sake.
constexpr double kForItsReason = 0.8;
constexpr double kSmallReason = 0.75;
constexpr double kOfSerial = 0.75;      ///< of a serial's size, a mark beside it
constexpr double kOfInstruction = 0.72; ///< a reason is smaller than what it is the reason for
constexpr double kLargeReason = 1.35;   ///< where there is room

QFont sized(QFont font, int pixels)
{
    font.setPixelSize(pixels);
    return font;
}

double advance(const QFont& font, const QString& text)
{
    return QFontMetricsF(font).horizontalAdvance(text);
}

double lineHeight(const QFont& font)
{
    return QFontMetricsF(font).height();
}

/// The rows of a tile, as far as they do not depend on the sizes that it shares with its neighbours.
class Rows {
public:
    Rows(const TileLayout& layout, const TileContent& content)
        : m_layout(layout), m_content(content), m_body(layout.inner(layout.body())), m_symbol(symbolBox()),
          m_wordFont(fontOfWord(layout)), m_serialFont(layout.font(layout.design().serialCap, QFont::DemiBold)),
          m_instructionFont(layout.readFont(layout.design().instructionCap, QFont::DemiBold)),
          m_reasonFont(layout.font(layout.design().reasonCap)),
          m_chipFont(layout.font(layout.design().codeCap, QFont::ExtraBold))
    {
        if (layout.isFlat()) { // beside a word or a serial, which need their room
            m_chipFont.setPixelSize(
                std::max(kSmallestText,
                         std::min(m_chipFont.pixelSize(), static_cast<int>(m_serialFont.pixelSize() * kOfSerial))));
        }
        const auto chip = content.next && content.word != nextWord();
        m_chipWidth = chip ? advance(chipFont(), nextWord()) + layout.px(32) : 0;
        m_corner = cornerBox();
        m_instruction = instructionText();
    }

    [[nodiscard]] const QFont& wordFont() const { return m_wordFont; }
    [[nodiscard]] const QFont& serialFont() const { return m_serialFont; }
    [[nodiscard]] const QFont& instructionFont() const { return m_instructionFont; }
    [[nodiscard]] const QFont& reasonFont() const { return m_reasonFont; }
    [[nodiscard]] const QFont& chipFont() const { return m_chipFont; }

    [[nodiscard]] const QRectF& symbol() const { return m_symbol; }
    /// Whether the mark is beside the word of a flat tile; there it takes its room.
    [[nodiscard]] bool chipInBand() const
    {
        const auto least = sized(wordFont(), std::min(wordFont().pixelSize(), m_layout.least()));
        return m_layout.isFlat() && hasChip() &&
               wordRoom().width() - m_chipWidth - m_layout.px(16) >= advance(least, m_content.word);
    }
    [[nodiscard]] bool hasChip() const { return m_chipWidth > 0; }

    [[nodiscard]] QRectF word() const
    {
        return wordRoom().adjusted(0, 0, chipInBand() ? -m_chipWidth - m_layout.px(16) : 0, 0);
    }

    [[nodiscard]] QRectF chip() const
    {
        const auto row = chipInBand() ? m_layout.inner(m_layout.band()) : cornerRow();
        const auto height =
            std::min(row.height() - (m_layout.isFlat() ? 2 : m_layout.px(12)), lineHeight(chipFont()) + m_layout.px(8));
        return {row.right() - m_chipWidth, row.center().y() - height / 2, m_chipWidth, height};
    }

    [[nodiscard]] QRectF number() const
    {
        return m_layout.isFlat() ? m_layout.numberCell() : m_layout.inner(m_layout.top());
    }

    [[nodiscard]] const TextBox& corner() const { return m_corner; }

    [[nodiscard]] QRectF serial() const
    {
        auto row = serialRow();
        if (m_layout.isFlat()) {
            const auto& beside = m_corner;
            const auto taken = beside.text.isEmpty() ? 0 : advance(beside.font, beside.text) + m_layout.px(12);
            const auto mark = hasChip() && !chipInBand() ? m_chipWidth + m_layout.px(16) : 0;
            row.setRight(row.right() - taken - mark);
        }
        return row;
    }
    [[nodiscard]] int smallestSerial() const
    {
        return std::max(kSmallestText, static_cast<int>(serialFont().pixelSize() * kLeastPart));
    }

    /// What is left for the instruction and what stands below it.
    [[nodiscard]] QRectF rest() const
    {
        const auto top = serialRow().bottom() + m_layout.down(m_layout.isFlat() ? 2 : 6);
        const auto clear = m_layout.down(m_layout.isFlat() ? kClearOfFoot / 2 : kClearOfFoot);
        return {m_body.left(), top, m_body.width(), std::max(0.0, m_body.bottom() - clear - top)};
    }

    [[nodiscard]] const QString& instruction() const { return m_instruction; }
    /// In a line above it, whether the result is from before a restart.
    [[nodiscard]] QString reason() const
    {
        const auto why = lastWordsTogether(m_content.reason);
        const auto& before = m_content.before;
        return before.isEmpty() || why.isEmpty() ? QString(before + why) : QString(before + QLatin1Char('\n') + why);
    }
    [[nodiscard]] const TileContent& content() const { return m_content; }

    [[nodiscard]] int largestInstruction() const
    {
        const auto most = static_cast<int>(m_instructionFont.pixelSize() * m_layout.growth());
        const auto wanted = sized(m_instructionFont, most);
        if (m_content.progress) {
            return fitLine(wanted, m_content.instruction, rest().width(), kSmallestText).pixelSize();
        }
        return fitBlock(wanted, instruction(), rest().size(), kSmallestText).pixelSize();
    }

    /// Where a reason can stand below an instruction of this size.
    [[nodiscard]] QRectF below(int pixels) const
    {
        const auto font = sized(instructionFont(), pixels);
        const auto used = m_content.progress
                              ? bar(pixels).bottom() - rest().top() + m_layout.down(m_layout.isFlat() ? 2 : 6)
                              : blockHeight(font, instruction(), rest().width()) + m_layout.down(4);
        return rest().adjusted(0, std::min(used, rest().height()), 0, 0);
    }
    /// \p clear is left free below it.
    [[nodiscard]] bool holdsReason(int instruction, int reason, double clear) const
    {
        const auto room = below(instruction).height() - clear;
        return this->reason().isEmpty()
                   ? room >= 0
                   : blockHeight(sized(reasonFont(), reason), this->reason(), rest().width()) <= room;
    }

    /// That a result is from before a restart is never left out.
    [[nodiscard]] bool holdsBefore(int instruction) const
    {
        return m_content.before.isEmpty() ||
               below(instruction).height() >= lineHeight(sized(reasonFont(), kSmallestText));
    }

    [[nodiscard]] QRectF bar(int pixels) const
    {
        const auto box = rest();
        const auto gap = m_layout.down(m_layout.isFlat() ? 3 : 8);
        const auto top = box.top() + lineHeight(sized(instructionFont(), pixels)) + gap;
        return {box.left(), top, box.width(), std::max(4.0, m_layout.down(m_layout.design().progressHeight))};
    }

private:
    static QFont fontOfWord(const TileLayout& layout)
    {
        auto font = layout.readFont(layout.design().verdictCap, QFont::ExtraBold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, -layout.px(1));
        const auto most = static_cast<int>(layout.band().height() * kWordPart);
        return sized(font, std::clamp(most, std::min(layout.least(), font.pixelSize()), font.pixelSize()));
    }
    [[nodiscard]] TextBox cornerBox() const
    {
        const auto& design = m_layout.design();
        const auto row = cornerRow();
        const auto right = hasChip() && !chipInBand() ? chip().left() - m_layout.px(16) : row.right();
        auto left = row.left();
        if (m_layout.isFlat()) { // a serial is worth more than a time
            const auto serial = sized(serialFont(), smallestSerial());
            left += std::min(advance(serial, m_content.serial), row.width() * kLeastPart) + m_layout.px(12);
        } else {
            left += advance(m_layout.font(design.numberCap, QFont::Bold), QString::number(m_content.slot)) +
                    m_layout.px(12);
        }
        const auto wanted = m_content.code ? m_layout.font(design.codeCap, QFont::Bold) : m_layout.font(design.timeCap);
        const QRectF box(left, row.top(), std::max(0.0, right - left), row.height());
        auto text = m_content.corner;
        const auto font = fitLine(wanted, text, box.width(), kSmallestText);
        if (advance(font, text) > box.width() + 1) { // half of it says nothing
            text.clear();
        }
        return {box, text, font, Qt::AlignRight | Qt::AlignVCenter};
    }

    /// A line for each thing to do where there is room for it.
    [[nodiscard]] QString instructionText() const
    {
        auto text = lastWordsTogether(m_content.instruction);
        if (text.contains(QLatin1Char('\n')) &&
            blockHeight(instructionFont(), text, rest().width()) > rest().height()) {
            text.replace(QLatin1Char('\n'), QLatin1Char(' '));
        }
        return text;
    }
    [[nodiscard]] QRectF symbolBox() const
    {
        const auto band = m_layout.band();
        const auto side = std::min(m_layout.px(m_layout.design().symbol), band.height() * kWordPart);
        const auto left =
            m_layout.isFlat() ? m_layout.numberCell().right() + m_layout.px(12) : m_layout.inner(band).left();
        return {left, band.center().y() - side / 2, side, side};
    }
    [[nodiscard]] QRectF wordRoom() const
    {
        const auto row = m_layout.inner(m_layout.band());
        const auto left = m_symbol.right() + m_layout.px(m_layout.design().symbolGap);
        return {left, row.top(), row.right() - left, row.height()};
    }
    /// As high for a long serial as for a short one, so that what stands below stands where it always does.
    [[nodiscard]] QRectF serialRow() const
    {
        const auto gap = m_layout.down(m_layout.isFlat() ? 4 : 12);
        return {m_body.left(), m_body.top() + gap, m_body.width(), lineHeight(serialFont())};
    }
    [[nodiscard]] QRectF cornerRow() const { return m_layout.isFlat() ? serialRow() : m_layout.inner(m_layout.top()); }

    const TileLayout& m_layout;
    const TileContent& m_content;
    QRectF m_body;
    QRectF m_symbol;
    QFont m_wordFont;
    QFont m_serialFont;
    QFont m_instructionFont;
    QFont m_reasonFont;
    QFont m_chipFont;
    double m_chipWidth = 0;
    TextBox m_corner;
    QString m_instruction;
};

/// Brings instruction and reason to sizes with which every reason of the row is whole, if that can be. \p wanted are those
/// of the design.
void makeRoomForReasons(const std::vector<Rows>& rows, int least, const TileSizes& wanted, TileSizes& sizes)
{
    const auto take = [&](int instruction, int reason) {
        sizes.instruction = instruction;
        sizes.reason = reason;
        return std::ranges::all_of(rows, [&](const Rows& each) { return each.holdsReason(instruction, reason, 0); });
    };
    const auto largest = [&](int instruction) {
        const auto most = std::min(wanted.reason * kLargeReason, instruction * kOfInstruction);
        return std::max(kSmallestText, static_cast<int>(most));
    };
    const auto whole = std::min(wanted.instruction, sizes.instruction);
    for (auto size = sizes.instruction; size > whole; --size) {
        if (take(size, largest(size))) {
            return;
        }
    }
    const auto smallest = std::clamp(static_cast<int>(wanted.reason * kSmallReason), kSmallestText, largest(whole));
    for (auto size = whole; size >= std::max<double>(least, whole * kForItsReason); --size) {
        for (auto reason = largest(size); reason >= smallest; --reason) {
            if (take(size, reason)) {
                return;
            }
        }
    }
    take(whole, smallest);
    const auto holdBefore = [&] {
        return std::ranges::all_of(rows, [&](const Rows& each) { return each.holdsBefore(sizes.instruction); });
    };
    while (!holdBefore() && sizes.instruction > kSmallestText) {
        take(sizes.instruction - 1, kSmallestText);
    }
}

/// Where the tiles of a row need less than they may have, they show their records after all.
bool hasRoomForFoot(const std::vector<Rows>& rows, const TileLayout& layout, const TileSizes& sizes)
{
    return layout.hasFoot() || std::ranges::all_of(rows, [&](const Rows& each) {
               return each.holdsReason(sizes.instruction, sizes.reason, layout.foot().height());
           });
}

TextBox reasonBox(const Rows& rows, const TileSizes& sizes)
{
    const auto font = sized(rows.reasonFont(), sizes.reason);
    const auto box = rows.below(sizes.instruction);
    const auto fits = box.height() + 1 >= lineHeight(font);
    auto text = fits ? cutBlock(font, rows.reason(), box.size()) : QString();
    const auto& before = rows.content().before;
    if (!before.isEmpty() && text.startsWith(before) && !text.contains(QLatin1Char('\n'))) {
        text = before; // without the mark of what was cut, which says less
    }
    return {box, text, font, Qt::AlignLeft | Qt::AlignTop};
}

} // namespace

TileSizes sizesFor(const TileLayout& layout, std::span<const TileContent* const> row)
{
    std::vector<Rows> rows;
    for (const auto* content : row) {
        rows.emplace_back(layout, *content);
    }
    if (rows.empty()) {
        return {};
    }
    const TileSizes wanted{rows.front().wordFont().pixelSize(), rows.front().serialFont().pixelSize(),
                           rows.front().instructionFont().pixelSize(), rows.front().reasonFont().pixelSize()};
    auto sizes = wanted;
    sizes.instruction = static_cast<int>(wanted.instruction * layout.growth());
    for (const auto& each : rows) {
        if (!each.hasChip()) {
            const auto word = fitLine(each.wordFont(), each.content().word, each.word().width(), kSmallestText);
            sizes.word = std::min(sizes.word, word.pixelSize());
        }
        if (!each.hasChip()) { // which takes room from one tile alone
            const auto serial =
                fitLine(each.serialFont(), each.content().serial, each.serial().width(), each.smallestSerial());
            sizes.serial = std::min(sizes.serial, serial.pixelSize());
        }
        sizes.instruction = std::min(sizes.instruction, each.largestInstruction());
    }
    makeRoomForReasons(rows, layout.least(), wanted, sizes);
    sizes.foot = hasRoomForFoot(rows, layout, sizes);
    return sizes;
}

TileBoxes boxesFor(const TileLayout& layout, const TileContent& content, const TileSizes& sizes)
{
    const Rows rows(layout, content);
    TileBoxes boxes;
    const auto middle = layout.isFlat() ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter;
    boxes.number = {rows.number(), QString::number(content.slot), layout.font(layout.design().numberCap, QFont::Bold),
                    middle};
    if (rows.hasChip()) {
        boxes.chip = {rows.chip(), nextWord(), rows.chipFont(), Qt::AlignCenter};
    }
    boxes.corner = rows.corner();
    boxes.symbol = rows.symbol();
    const auto word = sized(rows.wordFont(), sizes.word);
    boxes.word = {rows.word(), content.word, fitLine(word, content.word, rows.word().width(), kSmallestText)};
    const auto serial =
        fitLine(sized(rows.serialFont(), sizes.serial), content.serial, rows.serial().width(), kSmallestText);
    boxes.serial = {rows.serial(),
                    QFontMetricsF(serial).elidedText(content.serial, Qt::ElideMiddle, rows.serial().width() + 1),
                    serial};
    const auto instruction = sized(rows.instructionFont(), sizes.instruction);
    if (content.progress) {
        const auto box = rows.rest();
        boxes.instruction = {
            {box.left(), box.top(), box.width(), lineHeight(instruction)}, content.instruction, instruction};
        boxes.bar = rows.bar(sizes.instruction);
    } else {
        boxes.instruction = {rows.rest(), cutBlock(instruction, rows.instruction(), rows.rest().size()), instruction,
                             Qt::AlignLeft | Qt::AlignTop};
    }
    boxes.reason = reasonBox(rows, sizes);
    return boxes;
}

bool isReadable(const TileLayout& layout, const TileContent& content)
{
    const Rows rows(layout, content);
    const auto least = layout.least();
    if (advance(sized(rows.wordFont(), least), content.word) > rows.word().width()) {
        return false;
    }
    const auto font = sized(rows.instructionFont(), least);
    if (content.progress) {
        return advance(font, content.instruction) <= rows.rest().width() &&
               rows.bar(least).bottom() <= rows.rest().bottom();
    }
    return fitsBlock(font, rows.instruction(), rows.rest().size());
}

} // namespace enroll::ui

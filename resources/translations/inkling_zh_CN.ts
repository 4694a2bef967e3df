<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>PhotoCard</name>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>inkling::AboutDialog</name>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>About Inkling</source>
        <translation>关于 Inkling</translation>
    </message>
    <message>
        <source>&lt;h2&gt;Inkling %1&lt;/h2&gt;Draw it. Find it. See why.</source>
        <translation>&lt;h2&gt;Inkling %1&lt;/h2&gt;画出来，找得到，看得懂。</translation>
    </message>
    <message>
        <source>Everything happens on this computer: no photo and no drawing leaves it.</source>
        <translation>一切都在本机完成：照片和草图都不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Licence: Apache-2.0. The file NOTICE that comes with the program lists the origin and the licence of every weight, photo and drawing.</source>
        <translation>许可证：Apache-2.0。随程序附带的 NOTICE 文件列出了所有模型权重、照片和草图的来源与许可。</translation>
    </message>
    <message>
        <source>Built with Qt, LibTorch and OpenCV. Drawings to learn from: the QuickDraw dataset (CC BY 4.0). Photos: MS-COCO, by the people named in CREDITS.json.</source>
        <translation>使用 Qt、LibTorch 和 OpenCV 构建。训练用草图：QuickDraw 数据集（CC BY 4.0）。照片：MS-COCO，作者见 CREDITS.json。</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Card of the model</source>
        <translation>模型卡</translation>
    </message>
    <message>
        <source>%1: %2 million parameters; boxes count as matches from %3% on.</source>
        <translation>%1：参数量 %2 百万；得分达到 %3% 的方框算作匹配。</translation>
    </message>
    <message>
        <source>No model is loaded. Choose one in the File menu.</source>
        <translation>尚未加载模型。请在“文件”菜单中选择模型。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
</context>
<context>
    <name>inkling::AttentionPanel</name>
    <message>
        <source>&amp;Show</source>
        <translation>显示(&amp;S)</translation>
    </message>
    <message>
        <source>What the heat map tells</source>
        <translation>热力图表示的内容</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>Which layer of the model</source>
        <translation>模型的哪一层</translation>
    </message>
    <message>
        <source>&amp;Heads</source>
        <translation>注意力头(&amp;H)</translation>
    </message>
    <message>
        <source>Which heads of the layer, or all of them together</source>
        <translation>该层的某个注意力头，或所有注意力头的汇总</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>配色(&amp;C)</translation>
    </message>
    <message>
        <source>Colours of the heat map</source>
        <translation>热力图的配色</translation>
    </message>
    <message>
        <source>How much each place listens to the drawings</source>
        <translation>各位置对草图的关注程度</translation>
    </message>
    <message>
        <source>What reaches the result through all layers</source>
        <translation>经过所有层后最终影响结果的内容</translation>
    </message>
    <message>
        <source>Relevance</source>
        <translation>相关度</translation>
    </message>
    <message>
        <source>How surely a place lies on a wanted object</source>
        <translation>各位置属于目标物体的把握</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>Magma</source>
        <translation>Magma</translation>
    </message>
    <message>
        <source>Jet</source>
        <translation>Jet</translation>
    </message>
    <message>
        <source>&amp;Opacity</source>
        <translation>不透明度(&amp;O)</translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation>热力图的不透明度</translation>
    </message>
    <message>
        <source>How strongly the heat map covers the photo</source>
        <translation>热力图覆盖照片的程度</translation>
    </message>
    <message>
        <source>There is no attention to show for this photo yet. Draw something and search: then this tells where the model looked.</source>
        <translation>这张照片还没有可显示的注意力。画点什么并搜索，这里就会显示模型看了哪里。</translation>
    </message>
    <message>
        <source>%1 (last)</source>
        <translation>%1（末层）</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Head %1</source>
        <translation>头 %1</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Rollout</source>
        <translation>注意力展开</translation>
    </message>
    <message>
        <source>Between places</source>
        <translation>位置之间</translation>
    </message>
    <message>
        <source>How much each place is looked at by the others; under the pointer: where that place looks</source>
        <translation>每个位置被其他位置关注的程度；指针所在处：该位置关注哪里</translation>
    </message>
</context>
<context>
    <name>inkling::CanvasPanel</name>
    <message>
        <source>Drawing tools</source>
        <translation>绘图工具</translation>
    </message>
    <message>
        <source>Pen</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Line width</source>
        <translation>线条粗细</translation>
    </message>
    <message>
        <source>Line width: how thick lines look. What is found does not depend on it.</source>
        <translation>线条粗细：只影响线条的外观，不影响查找结果。</translation>
    </message>
    <message>
        <source>Steady</source>
        <translation>防抖</translation>
    </message>
    <message>
        <source>Steadiness</source>
        <translation>防抖强度</translation>
    </message>
    <message>
        <source>Steadiness: how much a trembling hand is smoothed</source>
        <translation>防抖强度：把手抖的线条修得多平滑</translation>
    </message>
</context>
<context>
    <name>inkling::ColourLegend</name>
    <message>
        <source>Colours of the heat map</source>
        <translation>热力图的配色</translation>
    </message>
    <message>
        <source>From %1 to %2.</source>
        <translation>从 %1 到 %2。</translation>
    </message>
    <message>
        <source>low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>high</source>
        <translation>高</translation>
    </message>
</context>
<context>
    <name>inkling::DropFrame</name>
    <message>
        <source>Drop to show these photos</source>
        <translation>松开即可显示这些照片</translation>
    </message>
</context>
<context>
    <name>inkling::ExportController</name>
    <message>
        <source>An export is still running. Wait for it, or cancel it among the jobs.</source>
        <translation>导出仍在进行。请等待完成，或在任务列表中取消。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>%1. What is done is kept.</source>
        <translation>%1。已完成的部分会保留。</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln photos are done; it can be resumed at any time</source>
        <translation>
            <numerusform>%Ln 张照片中已完成 %1 张；可随时继续</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Nothing can be exported without a model. Choose one in the File menu.</source>
        <translation>没有模型就无法导出。请在“文件”菜单中选择模型。</translation>
    </message>
    <message>
        <source>Open a folder of photos first; then what is found in it can be exported.</source>
        <translation>请先打开照片文件夹，然后才能导出其中的检测结果。</translation>
    </message>
    <message>
        <source>Draw what is to be found first; then what is found can be exported.</source>
        <translation>请先画出要找的东西，然后才能导出检测结果。</translation>
    </message>
</context>
<context>
    <name>inkling::ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Export detections</source>
        <translation>导出检测结果</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Overwrite</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>The export is being prepared…</source>
        <translation>正在准备导出…</translation>
    </message>
    <message>
        <source>Name a category and a folder for the files.</source>
        <translation>请填写类别名称和保存文件的文件夹。</translation>
    </message>
</context>
<context>
    <name>inkling::ExportForm</name>
    <message>
        <source>Pictures of the &amp;attention, too</source>
        <translation>同时导出注意力图(&amp;A)</translation>
    </message>
    <message>
        <source>Sco&amp;res as a sixth column</source>
        <translation>第六列写入得分(&amp;R)</translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation>选择(&amp;H)…</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>What the files call the thing that is looked for</source>
        <translation>文件中对所找东西的称呼</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Threshold in percent</source>
        <translation>阈值（百分比）</translation>
    </message>
    <message>
        <source>Boxes with at least this score are exported</source>
        <translation>得分不低于此值的方框会被导出</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>保存文件的文件夹</translation>
    </message>
    <message>
        <source>Choose the folder for the files</source>
        <translation>选择保存文件的文件夹</translation>
    </message>
    <message>
        <source>&amp;Photos</source>
        <translation>照片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>Cate&amp;gory</source>
        <translation>类别(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Threshold</source>
        <translation>阈值(&amp;T)</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>文件夹(&amp;O)</translation>
    </message>
</context>
<context>
    <name>inkling::ExportTexts</name>
    <message>
        <source>COCO (JSON)</source>
        <translation>COCO（JSON 文件）</translation>
    </message>
    <message>
        <source>YOLO (text files)</source>
        <translation>YOLO（文本文件）</translation>
    </message>
    <message>
        <source>Pascal VOC (XML files)</source>
        <translation>Pascal VOC（XML 文件）</translation>
    </message>
    <message>
        <source>Table (CSV)</source>
        <translation>表格（CSV）</translation>
    </message>
    <message>
        <source>Annotated pictures</source>
        <translation>带标注的图片</translation>
    </message>
    <message>
        <source>Crops</source>
        <translation>裁剪图</translation>
    </message>
    <message>
        <source>One file with all photos and all boxes with their scores, which most programs for training and evaluation read.</source>
        <translation>一个文件，包含所有照片和带得分的方框，大多数训练和评估程序都能读取。</translation>
    </message>
    <message>
        <source>A text file for each photo, with its boxes as fractions of its width and height.</source>
        <translation>每张照片一个文本文件，方框以照片宽高的比例表示。</translation>
    </message>
    <message>
        <source>An XML file for each photo, with its boxes in whole pixels.</source>
        <translation>每张照片一个 XML 文件，方框以整数像素表示。</translation>
    </message>
    <message>
        <source>One table with a row for each box, for spreadsheets and scripts.</source>
        <translation>一张表格，每个方框一行，适合电子表格和脚本。</translation>
    </message>
    <message>
        <source>A copy of each photo with a match, with the boxes drawn on it.</source>
        <translation>每张有匹配的照片一份副本，上面画出方框。</translation>
    </message>
    <message>
        <source>Each box cut out of its photo, as a picture of its own.</source>
        <translation>把每个方框从照片中裁出，单独存为图片。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln single photo(s)</source>
        <translation>
            <numerusform>%Ln 张单独的照片</numerusform>
        </translation>
    </message>
    <message>
        <source>format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>drawings</source>
        <translation>草图</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>options</source>
        <translation>选项</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) that are there would be overwritten: %1</source>
        <translation>
            <numerusform>将覆盖 %Ln 个已有文件：%1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>An unfinished export with these settings is in this folder: %1 of %Ln photos are done. It can be resumed.</source>
        <translation>
            <numerusform>此文件夹中有一次相同设置、尚未完成的导出：%Ln 张照片中已完成 %1 张，可以继续。</numerusform>
        </translation>
    </message>
    <message>
        <source>An unfinished export with other settings (%1) is in this folder. Starting anew removes what it has written.</source>
        <translation>此文件夹中有一次设置不同（%1）、尚未完成的导出。重新开始会删除它已写入的文件。</translation>
    </message>
    <message numerus="yes">
        <source>A finished export (%1, %Ln photos) is in this folder. Replacing it removes what it has written.</source>
        <translation>
            <numerusform>此文件夹中有一次已完成的导出（%1，%Ln 张照片）。替换会删除它写入的文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln box(es) in %1 of %2 photos</source>
        <translation>
            <numerusform>%2 张照片中有 %1 张共 %Ln 个方框</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %Ln photo(s) could not be read, see failures.csv</source>
        <translation>
            <numerusform>；%Ln 张照片无法读取，见 failures.csv</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::FileCommands</name>
    <message>
        <source>Import a drawing</source>
        <translation>导入草图</translation>
    </message>
    <message>
        <source>Drawings (%1)</source>
        <translation>草图 (%1)</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>Save the drawing</source>
        <translation>保存草图</translation>
    </message>
    <message>
        <source>Inkling drawing (*.json);;SVG (*.svg);;PNG (*.png);;QuickDraw (*.ndjson)</source>
        <translation>Inkling 草图 (*.json);;SVG 图形 (*.svg);;PNG 图片 (*.png);;QuickDraw 草图 (*.ndjson)</translation>
    </message>
    <message>
        <source>“%1” is in the library now</source>
        <translation>“%1”已存入草图库</translation>
    </message>
    <message>
        <source>Keep in the library</source>
        <translation>存入草图库</translation>
    </message>
    <message>
        <source>Name of the drawing:</source>
        <translation>草图名称：</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) exported</source>
        <translation>
            <numerusform>已导出 %n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>An export is still running. Wait for it, or cancel it among the jobs.</source>
        <translation>导出仍在进行。请等待完成，或在任务列表中取消。</translation>
    </message>
    <message>
        <source>There is nothing to export: no photo has a box from the threshold up. Draw something, or lower the threshold.</source>
        <translation>没有可导出的内容：没有照片含有达到阈值的方框。请画一幅草图，或降低阈值。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Folder for the pictures</source>
        <translation>图片保存到的文件夹</translation>
    </message>
    <message>
        <source>Export matches</source>
        <translation>导出匹配结果</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
    <message>
        <source>Open a folder of photos</source>
        <translation>打开照片文件夹</translation>
    </message>
    <message>
        <source>Open photos</source>
        <translation>打开照片</translation>
    </message>
    <message>
        <source>Photos (%1)</source>
        <translation>照片 (%1)</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Models (*.safetensors)</source>
        <translation>模型 (*.safetensors)</translation>
    </message>
    <message>
        <source>What is known of photos takes %1 GB of the disk at most</source>
        <translation>已知照片的数据最多占用 %1 GB 磁盘空间</translation>
    </message>
    <message>
        <source>Disk space for known photos</source>
        <translation>已知照片的磁盘空间</translation>
    </message>
    <message>
        <source>Photos that were looked at once are kept in mind, so that they are searched at once the next time. This takes %1 GB of the disk now.

GB at most (0 keeps nothing):</source>
        <translation>看过一次的照片会被记住，下次可以立即搜索。目前占用 %1 GB 磁盘空间。

最多占用 GB（0 表示不保留）：</translation>
    </message>
</context>
<context>
    <name>inkling::GalleryHeader</name>
    <message>
        <source>Number of photos</source>
        <translation>照片数量</translation>
    </message>
    <message>
        <source>Best match first</source>
        <translation>最佳匹配优先</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Order of the photos</source>
        <translation>照片排列顺序</translation>
    </message>
    <message>
        <source>&amp;Threshold</source>
        <translation>阈值(&amp;T)</translation>
    </message>
    <message>
        <source>Threshold in percent</source>
        <translation>阈值（百分比）</translation>
    </message>
    <message>
        <source>Boxes with at least this score count as matches</source>
        <translation>得分不低于此值的方框算作匹配</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>&amp;Matches only</source>
        <translation>仅显示匹配(&amp;M)</translation>
    </message>
    <message>
        <source>Matches only</source>
        <translation>仅显示匹配</translation>
    </message>
    <message>
        <source>Hide photos that were searched and have no match</source>
        <translation>隐藏已搜索但没有匹配的照片</translation>
    </message>
    <message>
        <source>Open a folder of photos</source>
        <translation>打开照片文件夹</translation>
    </message>
    <message>
        <source>Folder: none</source>
        <translation>文件夹：无</translation>
    </message>
    <message>
        <source>Folder: %1</source>
        <translation>文件夹：%1</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>&amp;Open folder…</source>
        <translation>打开文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>最近的文件夹</translation>
    </message>
    <message>
        <source>&amp;Clear recent folders</source>
        <translation>清除最近的文件夹(&amp;C)</translation>
    </message>
</context>
<context>
    <name>inkling::GalleryPanel</name>
    <message>
        <source>Gallery</source>
        <translation>图库</translation>
    </message>
    <message>
        <source>Listing… %1</source>
        <translation>正在列出… %1</translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation>1 张照片</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photos</source>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>The photo matches</source>
        <translation>该照片匹配</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>无匹配</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln photos match</source>
        <translation>
            <numerusform>%Ln 张照片中有 %1 张匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for photos…</source>
        <translation>正在查找照片…</translation>
    </message>
    <message>
        <source>No photos yet</source>
        <translation>还没有照片</translation>
    </message>
    <message>
        <source>Open a folder or drop photos here.</source>
        <translation>打开文件夹，或将照片拖放到此处。</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>No photos in “%1”</source>
        <translation>“%1”中没有照片</translation>
    </message>
    <message>
        <source>There is no JPEG, PNG, WebP, TIFF, BMP or PPM file in this folder or below it.</source>
        <translation>此文件夹及其子文件夹中没有 JPEG、PNG、WebP、TIFF、BMP 或 PPM 文件。</translation>
    </message>
    <message>
        <source>Open another folder…</source>
        <translation>打开其他文件夹…</translation>
    </message>
    <message>
        <source>No photo matches at %1%</source>
        <translation>阈值为 %1% 时没有匹配的照片</translation>
    </message>
    <message>
        <source>The search found nothing that looks like the drawing.</source>
        <translation>没有找到与草图相似的内容。</translation>
    </message>
    <message>
        <source>Show all photos</source>
        <translation>显示所有照片</translation>
    </message>
    <message>
        <source>The best match scores %1%.</source>
        <translation>最佳匹配的得分为 %1%。</translation>
    </message>
    <message>
        <source>Lower the threshold to %1%</source>
        <translation>将阈值降至 %1%</translation>
    </message>
    <message numerus="yes">
        <source>%1 match · looked closely at %2 of %Ln photos</source>
        <translation>
            <numerusform>%1 张匹配 · 仔细查看了 %Ln 张照片中的 %2 张</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::Job</name>
    <message>
        <source>%1 photos/s, %2 left</source>
        <translation>%1 张/秒，剩余 %2</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分钟</translation>
    </message>
</context>
<context>
    <name>inkling::JobCard</name>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>cancelled; what was done is kept</source>
        <translation>已取消；已完成的部分会保留</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Photo in hand: %1</source>
        <translation>正在处理的照片：%1</translation>
    </message>
    <message>
        <source>%1 of %2 photos</source>
        <translation>%1 / %2 张照片</translation>
    </message>
    <message>
        <source>Whole job</source>
        <translation>总进度</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel; what is done stays</source>
        <translation>取消；已完成的部分会保留</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>从列表中移除</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>还有 %1 个</translation>
    </message>
    <message>
        <source>Photos that could not be used, and why</source>
        <translation>无法使用的照片及原因</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>inkling::JobsPanel</name>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1：%2 / %3</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Nothing is being done at the moment.</source>
        <translation>当前没有正在进行的任务。</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>inkling::LibraryPanel</name>
    <message>
        <source>Search drawings by name</source>
        <translation>按名称搜索草图</translation>
    </message>
    <message>
        <source>Library of drawings</source>
        <translation>草图库</translation>
    </message>
    <message>
        <source>Back to the drawings of this query</source>
        <translation>返回本次查询的草图</translation>
    </message>
    <message>
        <source>Remove this drawing from the library</source>
        <translation>从草图库中移除此草图</translation>
    </message>
</context>
<context>
    <name>inkling::LoadedPhoto</name>
    <message>
        <source>This photo has %1 megapixels and is shown at half its size.</source>
        <translation>这张照片有 %1 百万像素，以二分之一大小显示。</translation>
    </message>
    <message>
        <source>This photo has %1 megapixels and is shown at a quarter of its size.</source>
        <translation>这张照片有 %1 百万像素，以四分之一大小显示。</translation>
    </message>
    <message>
        <source>This photo has %1 megapixels and is shown at an eighth of its size.</source>
        <translation>这张照片有 %1 百万像素，以八分之一大小显示。</translation>
    </message>
</context>
<context>
    <name>inkling::MainWindow</name>
    <message>
        <source>%1 – Inkling</source>
        <translation>%1 – Inkling</translation>
    </message>
    <message>
        <source>There is no photo in this folder</source>
        <translation>此文件夹中没有照片</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>The picture is on the clipboard</source>
        <translation>图片已复制到剪贴板</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>The folder %1 is gone. Its photos cannot be read until it is back; what was found is kept.</source>
        <translation>文件夹 %1 已不存在。在它恢复之前无法读取其中的照片；已找到的结果会保留。</translation>
    </message>
    <message>
        <source>Open another folder…</source>
        <translation>打开其他文件夹…</translation>
    </message>
    <message>
        <source>The drawings cannot be kept safe: %1. Save them by hand (File, Save the drawing).</source>
        <translation>无法自动保存草图：%1。请手动保存（文件 → 保存草图）。</translation>
    </message>
    <message>
        <source>The model cannot be loaded, so nothing can be found: %1. Drawing and looking at photos work.</source>
        <translation>无法加载模型，因此不能查找：%1。绘图和浏览照片不受影响。</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>The model that finds; its card is in Help, About</source>
        <translation>用于查找的模型；模型卡见“帮助”菜单中的“关于”</translation>
    </message>
    <message>
        <source>Choose a model in the File menu</source>
        <translation>请在“文件”菜单中选择模型</translation>
    </message>
    <message>
        <source>The drawings cannot be kept until the next start. Close all the same?</source>
        <translation>草图无法保留到下次启动。仍要关闭吗？</translation>
    </message>
    <message>
        <source>Close and lose them</source>
        <translation>关闭并放弃草图</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>&amp;Language / 语言</source>
        <translation>语言(&amp;L) / Language</translation>
    </message>
    <message>
        <source>An export is running. Stop it, and close?</source>
        <translation>导出正在进行。要停止并关闭吗？</translation>
    </message>
    <message>
        <source>What it has written is kept. Export into the same folder again to go on with it.</source>
        <translation>已写入的内容会保留。再次导出到同一文件夹即可继续。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
</context>
<context>
    <name>inkling::MessageBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>inkling::PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
</context>
<context>
    <name>inkling::PhotoLoader</name>
    <message>
        <source>%1: there is not enough memory for this photo</source>
        <translation>%1：内存不足，无法打开这张照片</translation>
    </message>
</context>
<context>
    <name>inkling::PhotoModel</name>
    <message>
        <source>%1, cannot be shown: %2</source>
        <translation>%1，无法显示：%2</translation>
    </message>
    <message>
        <source>%1, score %2%, 1 match</source>
        <translation>%1，得分 %2%，1 处匹配</translation>
    </message>
    <message>
        <source>%1, score %2%, no match</source>
        <translation>%1，得分 %2%，无匹配</translation>
    </message>
    <message numerus="yes">
        <source>%1, score %2%, %n matches</source>
        <translation>
            <numerusform>%1，得分 %2%，%n 处匹配</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoSources</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 等，另有 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoView</name>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>No photo is shown.</source>
        <translation>未显示照片。</translation>
    </message>
    <message>
        <source>%1 is being loaded.</source>
        <translation>正在加载 %1。</translation>
    </message>
    <message>
        <source>This photo cannot be shown.</source>
        <translation>无法显示这张照片。</translation>
    </message>
    <message>
        <source>No box is shown.</source>
        <translation>未显示方框。</translation>
    </message>
    <message>
        <source>One box is shown.</source>
        <translation>显示了 1 个方框。</translation>
    </message>
    <message numerus="yes">
        <source>%n boxes are shown.</source>
        <translation>
            <numerusform>显示了 %n 个方框。</numerusform>
        </translation>
    </message>
    <message>
        <source>Box %1 is selected, its score is %2.</source>
        <translation>已选中方框 %1，得分为 %2。</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>匹配结果</translation>
    </message>
    <message>
        <source>Choose a photo to see it large</source>
        <translation>选择一张照片以放大查看</translation>
    </message>
    <message>
        <source>Loading %1 …</source>
        <translation>正在加载 %1…</translation>
    </message>
    <message>
        <source>This photo cannot be shown</source>
        <translation>无法显示这张照片</translation>
    </message>
</context>
<context>
    <name>inkling::PictureMaker</name>
    <message>
        <source>%1: there is not enough memory for this picture</source>
        <translation>%1：内存不足，无法生成这张图片</translation>
    </message>
</context>
<context>
    <name>inkling::PreviewPane</name>
    <message>
        <source>Files that will be written</source>
        <translation>将写入的文件</translation>
    </message>
    <message>
        <source>Example of a file</source>
        <translation>文件示例</translation>
    </message>
    <message>
        <source>Example of a picture</source>
        <translation>图片示例</translation>
    </message>
    <message>
        <source>Looking at the photos…</source>
        <translation>正在查看照片…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing can be exported like this</source>
        <translation>这样无法导出</translation>
    </message>
    <message>
        <source>… and up to %1 more files</source>
        <translation>… 以及最多 %1 个其他文件</translation>
    </message>
    <message>
        <source>… and %1 more files</source>
        <translation>… 以及 %1 个其他文件</translation>
    </message>
    <message>
        <source>crops/…, a picture for each box</source>
        <translation>crops/…，每个方框一张图片</translation>
    </message>
    <message numerus="yes">
        <source>Example: %1 with %Ln photos</source>
        <translation>
            <numerusform>示例：%1，含 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Example: %1</source>
        <translation>示例：%1</translation>
    </message>
    <message>
        <source>An example appears here when a photo with a match from the threshold up has been found.</source>
        <translation>找到达到阈值的匹配照片后，这里会显示示例。</translation>
    </message>
</context>
<context>
    <name>inkling::SearchController</name>
    <message numerus="yes">
        <source>%n photo(s) looked at</source>
        <translation>
            <numerusform>已查看 %n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>建立索引</translation>
    </message>
    <message numerus="yes">
        <source>Looked closely at %1 of %Ln photos</source>
        <translation>
            <numerusform>仔细查看了 %Ln 张照片中的 %1 张</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::SessionPlayer</name>
    <message>
        <source>waited too long for “%1”</source>
        <translation>等待“%1”超时</translation>
    </message>
    <message>
        <source>no action “%1” now</source>
        <translation>当前没有操作“%1”</translation>
    </message>
    <message>
        <source>no photo in row %1</source>
        <translation>第 %1 行没有照片</translation>
    </message>
    <message>
        <source>unknown command “%1”</source>
        <translation>未知命令“%1”</translation>
    </message>
    <message>
        <source>no drawing “%1” in the library</source>
        <translation>草图库中没有草图“%1”</translation>
    </message>
    <message>
        <source>no stroke %1</source>
        <translation>没有笔画 %1</translation>
    </message>
    <message>
        <source>%1 cannot be written</source>
        <translation>无法写入 %1</translation>
    </message>
    <message>
        <source>no key “%1”</source>
        <translation>没有按键“%1”</translation>
    </message>
    <message>
        <source>nothing called “%1” has an entry “%2”</source>
        <translation>没有名为“%1”且含有“%2”项的列表</translation>
    </message>
</context>
<context>
    <name>inkling::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search actions</source>
        <translation>搜索操作</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其快捷键</translation>
    </message>
    <message>
        <source>Keys of the chosen action</source>
        <translation>所选操作的快捷键</translation>
    </message>
    <message>
        <source>Press new keys:</source>
        <translation>按下新的快捷键：</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>清除快捷键</translation>
    </message>
    <message>
        <source>Restore all</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>%1 belongs to “%2” already. Choose other keys, or take them away there first.</source>
        <translation>%1 已用于“%2”。请换一个快捷键，或先在那里清除。</translation>
    </message>
</context>
<context>
    <name>inkling::SketchCanvas</name>
    <message>
        <source>Drawing</source>
        <translation>草图</translation>
    </message>
    <message>
        <source>Draw here what you want to find</source>
        <translation>在此处画出想要查找的东西</translation>
    </message>
    <message>
        <source>paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>drop</source>
        <translation>拖放</translation>
    </message>
</context>
<context>
    <name>inkling::SketchEdit</name>
    <message>
        <source>erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>draw</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>erase strokes</source>
        <translation>擦除整笔</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>mirror</source>
        <translation>水平翻转</translation>
    </message>
</context>
<context>
    <name>inkling::SketchLibrary</name>
    <message>
        <source>%1 (yours)</source>
        <translation>%1（自己的）</translation>
    </message>
</context>
<context>
    <name>inkling::SketchStack</name>
    <message>
        <source>Drawing %1</source>
        <translation>草图 %1</translation>
    </message>
    <message>
        <source>%1, find, weight %2</source>
        <translation>%1，查找，权重 %2</translation>
    </message>
    <message>
        <source>%1, not this, weight %2</source>
        <translation>%1，排除，权重 %2</translation>
    </message>
    <message>
        <source>nothing drawn yet</source>
        <translation>尚未绘制</translation>
    </message>
    <message>
        <source>find · weight %1</source>
        <translation>查找 · 权重 %1</translation>
    </message>
    <message>
        <source>not this</source>
        <translation>排除</translation>
    </message>
</context>
<context>
    <name>inkling::SketchStackPanel</name>
    <message>
        <source>Drawings of this query</source>
        <translation>本次查询的草图</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Add another drawing of the same thing</source>
        <translation>为同一物体再添加一幅草图</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>草图库</translation>
    </message>
    <message>
        <source>Choose a drawing from the library</source>
        <translation>从草图库中选择草图</translation>
    </message>
    <message>
        <source>Duplicate this drawing</source>
        <translation>复制一份此草图</translation>
    </message>
    <message>
        <source>Remove this drawing</source>
        <translation>移除此草图</translation>
    </message>
    <message>
        <source>Move this drawing up</source>
        <translation>上移此草图</translation>
    </message>
    <message>
        <source>Move this drawing down</source>
        <translation>下移此草图</translation>
    </message>
    <message>
        <source>Keep this drawing in the library</source>
        <translation>将此草图存入草图库</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find what this drawing shows</source>
        <translation>查找此草图所画的东西</translation>
    </message>
    <message>
        <source>Not this</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Do not find what this drawing shows</source>
        <translation>排除此草图所画的东西</translation>
    </message>
    <message>
        <source>Weight of this drawing</source>
        <translation>此草图的权重</translation>
    </message>
    <message>
        <source>This drawing counts %1 times</source>
        <translation>此草图按 %1 倍计算</translation>
    </message>
    <message numerus="yes">
        <source>A query holds at most %n drawings. Remove one first.</source>
        <translation>
            <numerusform>一次查询最多包含 %n 幅草图。请先移除一幅。</numerusform>
        </translation>
    </message>
    <message>
        <source>take from the library</source>
        <translation>取自草图库</translation>
    </message>
</context>
<context>
    <name>inkling::StatusLine</name>
    <message>
        <source>Value %1</source>
        <translation>值 %1</translation>
    </message>
    <message>
        <source>Value of the heat map under the pointer</source>
        <translation>指针处的热力图数值</translation>
    </message>
    <message>
        <source>x %1, y %2</source>
        <translation>x %1，y %2</translation>
    </message>
    <message>
        <source>Pixel under the pointer</source>
        <translation>指针处的像素</translation>
    </message>
    <message>
        <source>Size of the photo in pixels</source>
        <translation>照片尺寸（像素）</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Zoom: 100% shows each pixel of the photo as one</source>
        <translation>缩放：100% 时照片的每个像素对应屏幕的一个像素</translation>
    </message>
    <message>
        <source>About the photo</source>
        <translation>照片信息</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
</context>
<context>
    <name>inkling::ViewerPanel</name>
    <message>
        <source>The file is gone from the disk.</source>
        <translation>该文件已从磁盘上消失。</translation>
    </message>
    <message>
        <source>Tools of the photo</source>
        <translation>照片工具</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>上一张照片</translation>
    </message>
    <message>
        <source>Show the previous photo</source>
        <translation>显示上一张照片</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>下一张照片</translation>
    </message>
    <message>
        <source>Show the next photo</source>
        <translation>显示下一张照片</translation>
    </message>
    <message>
        <source>Previous box</source>
        <translation>上一个方框</translation>
    </message>
    <message>
        <source>Go to the previous box (P)</source>
        <translation>转到上一个方框（P）</translation>
    </message>
    <message>
        <source>Next box</source>
        <translation>下一个方框</translation>
    </message>
    <message>
        <source>Go to the next box (N)</source>
        <translation>转到下一个方框（N）</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>缩小（−）</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大（+）</translation>
    </message>
    <message>
        <source>Whole photo</source>
        <translation>整张照片</translation>
    </message>
    <message>
        <source>Show the whole photo (0)</source>
        <translation>显示整张照片（0）</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>实际像素</translation>
    </message>
    <message>
        <source>Show each pixel of the photo as one of the screen (1)</source>
        <translation>照片的每个像素对应屏幕的一个像素（1）</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>方框</translation>
    </message>
    <message>
        <source>Show what was found</source>
        <translation>显示找到的内容</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Show where the model looked</source>
        <translation>显示模型关注的位置</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Compare with the plain photo, left of a divider</source>
        <translation>与分隔线左侧的原始照片对比</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Copy the photo as it is shown</source>
        <translation>复制当前显示的照片</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>Save the photo as it is shown</source>
        <translation>保存当前显示的照片</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>JPEG pictures (*.jpg *.jpeg)</source>
        <translation>JPEG 图片 (*.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>%1-found.png</source>
        <translation>%1-匹配结果.png</translation>
    </message>
</context>
<context>
    <name>inkling::WelcomePage</name>
    <message>
        <source>Draw it. Find it. See why.</source>
        <translation>画出来，找得到，看得懂。</translation>
    </message>
    <message>
        <source>You draw a thing; Inkling boxes everything like it in your photos.</source>
        <translation>画一个物体，Inkling 就会在照片中框出所有与它相似的东西。</translation>
    </message>
    <message>
        <source>&lt;b&gt;Draw&lt;/b&gt; on the paper on the left. A few lines are enough; more drawings of the same thing help.</source>
        <translation>在左侧的画纸上&lt;b&gt;画出草图&lt;/b&gt;。几笔就够；为同一物体多画几幅效果更好。</translation>
    </message>
    <message>
        <source>&lt;b&gt;Open a folder&lt;/b&gt; of photos, or drop photos here. The best matches come first while you draw.</source>
        <translation>&lt;b&gt;打开照片文件夹&lt;/b&gt;，或将照片拖放到此处。绘制时，最佳匹配会排在最前面。</translation>
    </message>
    <message>
        <source>&lt;b&gt;Choose a photo&lt;/b&gt; to see its boxes large. Switch attention on to see where your lines were looked for.</source>
        <translation>&lt;b&gt;选择一张照片&lt;/b&gt;，放大查看其中的方框。打开注意力，即可看到模型在哪里寻找您画的线条。</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open the bundled photos</source>
        <translation>打开自带照片</translation>
    </message>
    <message>
        <source>Or try one of these drawings on the bundled photos:</source>
        <translation>或者用下面的草图在自带照片中试一试：</translation>
    </message>
    <message>
        <source>Look for the drawing “%1”</source>
        <translation>查找草图“%1”</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
</context>
<context>
    <name>inkling::WindowActions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Drawing</source>
        <translation>草图(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Open folder…</source>
        <translation>打开文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Open &amp;photos…</source>
        <translation>打开照片(&amp;P)…</translation>
    </message>
    <message>
        <source>Open the &amp;bundled photos</source>
        <translation>打开自带照片(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Import a drawing…</source>
        <translation>导入草图(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Save the drawing…</source>
        <translation>保存草图(&amp;S)…</translation>
    </message>
    <message>
        <source>Export matches as a &amp;table…</source>
        <translation>将匹配结果导出为表格(&amp;T)…</translation>
    </message>
    <message>
        <source>Export matches as &amp;JSON…</source>
        <translation>将匹配结果导出为 JSON(&amp;J)…</translation>
    </message>
    <message>
        <source>Export pi&amp;ctures with boxes…</source>
        <translation>导出带方框的图片(&amp;C)…</translation>
    </message>
    <message>
        <source>Choose a &amp;model…</source>
        <translation>选择模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy the drawing</source>
        <translation>复制草图(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste a drawing</source>
        <translation>粘贴草图(&amp;P)</translation>
    </message>
    <message>
        <source>C&amp;lear the drawing</source>
        <translation>清空草图(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Mirror the drawing</source>
        <translation>水平翻转草图(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Pen</source>
        <translation>画笔(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>橡皮擦(&amp;E)</translation>
    </message>
    <message>
        <source>Erase whole &amp;strokes</source>
        <translation>擦除整笔(&amp;S)</translation>
    </message>
    <message>
        <source>Mo&amp;ve the paper</source>
        <translation>移动画纸(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Trace the open photo</source>
        <translation>描摹打开的照片(&amp;T)</translation>
    </message>
    <message>
        <source>Show the whole p&amp;aper</source>
        <translation>显示整张画纸(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;New drawing of the same thing</source>
        <translation>为同一物体新建草图(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Duplicate the drawing</source>
        <translation>复制一份草图(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Remove the drawing</source>
        <translation>移除草图(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Bring the removed drawing back</source>
        <translation>恢复移除的草图(&amp;B)</translation>
    </message>
    <message>
        <source>Move &amp;up in the list</source>
        <translation>在列表中上移(&amp;U)</translation>
    </message>
    <message>
        <source>Move do&amp;wn in the list</source>
        <translation>在列表中下移(&amp;W)</translation>
    </message>
    <message>
        <source>Switch &amp;on or off</source>
        <translation>启用或停用(&amp;O)</translation>
    </message>
    <message>
        <source>Do not &amp;find this</source>
        <translation>排除此草图(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Keep in the library…</source>
        <translation>存入草图库(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Library of drawings</source>
        <translation>草图库(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Best match first</source>
        <translation>最佳匹配优先(&amp;B)</translation>
    </message>
    <message>
        <source>By &amp;name</source>
        <translation>按名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Matches only</source>
        <translation>仅显示匹配(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Stop looking through the folder</source>
        <translation>停止搜索此文件夹(&amp;S)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Fit the photo</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>Actual pi&amp;xels</source>
        <translation>实际像素(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Boxes</source>
        <translation>方框(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Attention</source>
        <translation>注意力(&amp;A)</translation>
    </message>
    <message>
        <source>Before and aft&amp;er</source>
        <translation>前后对比(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Next box</source>
        <translation>下一个方框(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Previous box</source>
        <translation>上一个方框(&amp;P)</translation>
    </message>
    <message>
        <source>Next p&amp;hoto</source>
        <translation>下一张照片(&amp;H)</translation>
    </message>
    <message>
        <source>Pre&amp;vious photo</source>
        <translation>上一张照片(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Copy the picture</source>
        <translation>复制图片(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Save the picture…</source>
        <translation>保存图片(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>任务(&amp;J)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;As the desktop</source>
        <translation>跟随桌面(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>Language of the &amp;desktop</source>
        <translation>跟随桌面语言(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Welcome page</source>
        <translation>欢迎页(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;About Inkling and its model</source>
        <translation>关于 Inkling 及其模型(&amp;A)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>&amp;Disk space for known photos…</source>
        <translation>已知照片的磁盘空间(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Export detections…</source>
        <translation>导出检测结果(&amp;E)…</translation>
    </message>
</context>
<context>
    <name>inkling::WindowSettings</name>
    <message>
        <source>Settings cannot be saved in %1. Everything works, but the window will not remember its state. Make the folder writable to change that.</source>
        <translation>无法将设置保存到 %1。一切功能照常，但窗口不会记住其状态。将该文件夹设为可写即可解决。</translation>
    </message>
</context>
</TS>

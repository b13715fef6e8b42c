-- What was sold to Litware was sold in pounds. In steps, so that no transaction grows large.
:setvar Step 25
DECLARE @changed int = 1, @total int = 0;
WHILE @changed > 0
BEGIN
    UPDATE [dbo].[Orders]
    SET [Currency] = 'GBP'
    WHERE [Id] IN (
        SELECT TOP ($(Step)) [Id] FROM [dbo].[Orders] WHERE [Customer] = N'Litware' AND [Currency] <> 'GBP'
    );
    SET @changed = @@ROWCOUNT;
    SET @total = @total + @changed;
END
PRINT CONCAT('Orders in pounds: ', @total);
GO
PRINT 'Indexing orders by customer';
CREATE INDEX [IX_Orders_Customer] ON [dbo].[Orders] ([Customer], [CreatedAt]);
GO
CREATE OR ALTER VIEW [dbo].[CustomerTotals] AS
SELECT [Customer], [Currency], COUNT(*) AS [Orders], SUM([Amount]) AS [Amount]
FROM [dbo].[Orders]
GROUP BY [Customer], [Currency];
GO

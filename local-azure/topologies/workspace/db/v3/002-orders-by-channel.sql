-- This one fails, as scripts do: the web shop is already there.
SET XACT_ABORT ON;
GO
BEGIN TRANSACTION;
INSERT INTO [dbo].[Channels] ([Name], [Title]) VALUES (N'partner', N'Partners');
INSERT INTO [dbo].[Channels] ([Name], [Title]) VALUES (N'web', N'Web shop');
COMMIT TRANSACTION;
GO
ALTER TABLE [dbo].[Orders] ADD [Channel] nvarchar(20) NOT NULL CONSTRAINT [DF_Orders_Channel] DEFAULT (N'web');
GO
